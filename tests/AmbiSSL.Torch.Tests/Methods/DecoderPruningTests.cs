using System.Text.Json;
using AmbiSSL.Torch.Methods;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Methods;

[Category("Oracle")]
public sealed class DecoderPruningTests : TorchFixture
{
    private static IEnumerable<TestCaseData> TopCases() => TorchOracle.TestCases("prune_top_a.json");

    private static IEnumerable<TestCaseData> TransformCases() => TorchOracle.TestCases("prune_transform.json");

    [TestCaseSource(nameof(TopCases))]
    public void Top_a_keeps_the_largest_weights_and_the_lowest_index_of_ties(JsonElement entry, ScalarType type)
    {
        var weight = entry.Tensor("weight", type);

        var mask = DecoderPruning.TopMask(weight, entry.GetProperty("a").GetDouble() / 100);

        var expected = entry.GetProperty("mask_round").EnumerateArray().Select(value => value.GetInt32() == 1);
        Assert.Multiple(() =>
        {
            Assert.That(mask.flatten().data<bool>().ToArray(), Is.EqualTo(expected));
            Assert.That(mask.sum().item<long>(), Is.EqualTo(entry.GetProperty("keep").GetProperty("round").GetInt64()));
        });
    }

    [TestCaseSource(nameof(TransformCases))]
    public void Transformation_and_its_gradient(JsonElement entry, ScalarType type)
    {
        Assume.That(entry.GetProperty("rule").GetString(), Is.EqualTo("round"));
        var weight = entry.Tensor("weight", type, requiresGradient: true);
        var exempt = entry.Tensor("M", type).to(ScalarType.Bool);

        var mask = DecoderPruning.KeepMask(weight, exempt, entry.GetProperty("coin").GetInt32() == 1, entry.GetProperty("a").GetDouble() / 100);
        var pruned = weight * mask;
        pruned.square().sum().backward();

        TorchOracle.AssertClose(pruned, entry.GetProperty("out"), TorchOracle.Tolerance(type), "out");
        TorchOracle.AssertClose(weight.grad!, entry.GetProperty("grad_sum_sq"), TorchOracle.GradientTolerance(type), "grad_sum_sq");
    }
}
