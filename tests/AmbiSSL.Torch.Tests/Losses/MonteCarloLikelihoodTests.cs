using System.Text.Json;
using AmbiSSL.Torch.Losses;
using AmbiSSL.Torch.Methods;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Losses;

public sealed class MonteCarloLikelihoodTests : TorchFixture
{
    private static readonly JsonElement Oracle = OracleFolder.Read("stochastic_segmentation.json");

    private static IEnumerable<TestCaseData> Cases => Oracle.GetProperty("likelihoods").EnumerateArray()
        .SelectMany(entry => TorchOracle.Types.Select(type => new TestCaseData(entry, type).SetArgDisplayNames(entry.GetProperty("name").GetString()!, $"{type}")));

    [TestCaseSource(nameof(Cases))]
    public void Loss_and_gradient_equal_the_reference(JsonElement entry, ScalarType type)
    {
        var logits = entry.Tensor("logits", type, requiresGradient: true);
        var counted = entry.GetProperty("counted") is { ValueKind: JsonValueKind.Object } values ? values.ToTensor(type) : null;

        var loss = MonteCarloLikelihood.Compute(logits, entry.Tensor("masks", type), counted);
        loss.backward();

        TorchOracle.AssertClose(loss, entry.GetProperty("loss").GetDouble(), TorchOracle.Tolerance(type), "loss");
        TorchOracle.AssertClose(logits.grad!, entry.GetProperty("gradient"), TorchOracle.GradientTolerance(type), "gradient");
    }

    [Test]
    public void With_many_samples_it_is_the_integral_over_the_density_of_the_logits()
    {
        const int Samples = 200_000;
        var entry = Oracle.GetProperty("integral");
        var (mean, factors, variance) = (entry.Tensor("mean", ScalarType.Float64), entry.Tensor("factors", ScalarType.Float64), entry.Tensor("variance", ScalarType.Float64));
        using var generator = new Generator(1);
        var together = randn([1, Samples, 1], ScalarType.Float64, generator: generator);
        var single = randn([1, Samples, 1, 2], ScalarType.Float64, generator: generator);
        var logits = mean.unsqueeze(1) + new LowRankNormal(mean, factors, variance).Deviations(together, single);

        var loss = MonteCarloLikelihood.Compute(logits, entry.Tensor("masks", ScalarType.Float64));

        Assert.That(loss.item<double>(), Is.EqualTo(entry.GetProperty("loss").GetDouble()).Within(2e-3));
    }
}
