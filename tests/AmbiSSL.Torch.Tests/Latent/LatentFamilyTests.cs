using System.Text.Json;
using AmbiSSL.Torch.Latent;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Latent;

[Category("Oracle")]
public sealed class LatentFamilyTests : TorchFixture
{
    private static IEnumerable<TestCaseData> NormalCases() => TorchOracle.TestCases("kl_normal.json");

    private static IEnumerable<TestCaseData> LaplaceCases() => TorchOracle.TestCases("kl_laplace.json");

    [TestCaseSource(nameof(NormalCases))]
    public void Divergence_of_normal_distributions(JsonElement entry, ScalarType type) => Check(LatentFamily.Normal.Divergence, entry, type);

    [TestCaseSource(nameof(LaplaceCases))]
    public void Divergence_of_Laplace_distributions(JsonElement entry, ScalarType type) => Check(LatentFamily.Laplace.Divergence, entry, type);

    private static void Check(Func<Tensor, Tensor, Tensor, Tensor, Tensor> divergence, JsonElement entry, ScalarType type)
    {
        string[] names = ["loc1", "log_scale1", "loc2", "log_scale2"];
        var inputs = names.Select(name => entry.Tensor(name, type, requiresGradient: true)).ToArray();

        var forward = divergence(inputs[0], inputs[1], inputs[2], inputs[3]);
        var backward = divergence(inputs[2], inputs[3], inputs[0], inputs[1]);
        forward.mean().backward();

        TorchOracle.AssertClose(forward, entry.GetProperty("kl_1_2"), TorchOracle.Tolerance(type), "kl_1_2");
        TorchOracle.AssertClose(backward, entry.GetProperty("kl_2_1"), TorchOracle.Tolerance(type), "kl_2_1");
        TorchOracle.AssertClose(forward.mean(), entry.GetProperty("mean_kl_1_2").GetDouble(), TorchOracle.Tolerance(type), "mean_kl_1_2");
        foreach (var (name, input) in names.Zip(inputs))
        {
            TorchOracle.AssertClose(input.grad!, entry.GetProperty($"grad_{name}"), TorchOracle.GradientTolerance(type), $"grad_{name}");
        }
    }
}
