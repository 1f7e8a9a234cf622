using System.Text.Json;
using AmbiSSL.Torch.Losses;
using AmbiSSL.Torch.Methods;
using AmbiSSL.Torch.Networks;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Losses;

public sealed class MonteCarloLikelihoodTests : TorchFixture
{
    private static readonly ClassActivation OneClass = new(MaskClasses.One);

    private static readonly JsonElement Oracle = OracleFolder.Read("stochastic_segmentation.json");

    private static IEnumerable<TestCaseData> Cases => Oracle.GetProperty("likelihoods").EnumerateArray()
        .SelectMany(
            entry => TorchOracle.Types.Select(type => new TestCaseData(entry, type).SetArgDisplayNames(entry.GetProperty("name").GetString()!, $"{type}")));

    [TestCaseSource(nameof(Cases))]
    public void Loss_and_gradient_equal_the_reference(JsonElement entry, ScalarType type)
    {
        var logits = entry.Tensor("logits", type, requiresGradient: true);
        var counted = entry.GetProperty("counted") is { ValueKind: JsonValueKind.Object } values ? values.ToTensor(type) : null;

        var loss = MonteCarloLikelihood.Compute(OneClass, logits.unsqueeze(2), entry.Tensor("masks", type).unsqueeze(2), counted?.unsqueeze(2));
        loss.backward();

        TorchOracle.AssertClose(loss, entry.GetProperty("loss").GetDouble(), TorchOracle.Tolerance(type), "loss");
        TorchOracle.AssertClose(logits.grad!, entry.GetProperty("gradient"), TorchOracle.GradientTolerance(type), "gradient");
    }

    [Test]
    public void With_many_samples_it_is_the_integral_over_the_density_of_the_logits()
    {
        const int Samples = 200_000;
        var entry = Oracle.GetProperty("integral");
        var (mean, factors) = (entry.Tensor("mean", ScalarType.Float64), entry.Tensor("factors", ScalarType.Float64));
        var variance = entry.Tensor("variance", ScalarType.Float64);
        using var generator = new Generator(1);
        var together = randn([1, Samples, 1], ScalarType.Float64, generator: generator);
        var single = randn([1, Samples, 1, 2], ScalarType.Float64, generator: generator);
        var logits = mean.unsqueeze(1) + new LowRankNormal(mean, factors, variance).Deviations(together, single);

        var loss = MonteCarloLikelihood.Compute(OneClass, logits.unsqueeze(2), entry.Tensor("masks", ScalarType.Float64).unsqueeze(2));

        Assert.That(loss.item<double>(), Is.EqualTo(entry.GetProperty("loss").GetDouble()).Within(2e-3));
    }

    /// <summary>
    /// Of one sample the likelihood is the cross-entropy. The first image has three annotations, the second two, of which the first is repeated.
    /// </summary>
    [Test]
    public void An_annotation_that_is_repeated_counts_once()
    {
        var logits = randn([2, 1, 1, 4, 5], dtype: ScalarType.Float64, generator: new Generator(1));
        var masks = rand([2, 3, 1, 4, 5], generator: new Generator(2)).gt(0.5).to(ScalarType.Float64);
        masks[1, 2].copy_(masks[1, 0]);

        var loss = MonteCarloLikelihood.Compute(OneClass, logits, masks, own: tensor((double[])[1, 1, 1, 1, 1, 0]).view(2, 3));

        double Entropy(int image, int count) =>
            nn.functional.binary_cross_entropy_with_logits(logits[image].expand(count, -1, -1, -1), masks[image][..count]).item<double>();
        Assert.That(loss.item<double>(), Is.EqualTo((Entropy(0, 3) + Entropy(1, 2)) / 2).Within(1e-12));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Of_several_classes_it_is_the_cross_entropy_of_each_pixel_where_there_is_one_sample(bool overlap)
    {
        var activation = new ClassActivation(new MaskClasses(["core", "rim"], overlap));
        var logits = randn([1, 1, 2, 4, 5], dtype: ScalarType.Float64, generator: new Generator(1));
        var numbers = randint(0, 3, [1, 1, 4, 5], generator: new Generator(2));
        var masks = stack([numbers.eq(1), numbers.eq(2)], 2).to(ScalarType.Float64);

        var loss = MonteCarloLikelihood.Compute(activation, logits, masks);

        var expected = overlap
            ? nn.functional.binary_cross_entropy_with_logits(logits, masks)
            : nn.functional.cross_entropy(cat([zeros([1, 1, 4, 5], ScalarType.Float64), logits[0]], 1), numbers[0]);
        Assert.That(loss.item<double>(), Is.EqualTo(expected.item<double>()).Within(1e-12));
    }
}
