using System.Text.Json;
using AmbiSSL.Torch.Losses;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Losses;

[Category("Oracle")]
public sealed class BoundLossTests : TorchFixture
{
    private static IEnumerable<TestCaseData> Cases() => TorchOracle.TestCases("bound_loss.json");

    [TestCaseSource(nameof(Cases))]
    public void Union_and_intersection_of_samples_against_those_of_annotations(JsonElement entry, ScalarType type)
    {
        var logits = entry.Tensor("prior_logits", type, requiresGradient: true);

        var loss = BoundLoss.Compute(stack([logits.amax([1]), logits.amin([1])], 1).unsqueeze(2), entry.Tensor("masks", type).unsqueeze(2));
        loss.backward();

        TorchOracle.AssertClose(loss, entry.GetProperty("bound_loss").GetDouble(), TorchOracle.Tolerance(type), "bound_loss");
        TorchOracle.AssertClose(2 * loss, entry.GetProperty("two_term_sum").GetDouble(), TorchOracle.Tolerance(type), "two_term_sum");
        TorchOracle.AssertClose(
            logits.grad!, entry.GetProperty("grad_prior_logits"), TorchOracle.GradientTolerance(type), "grad_prior_logits");
    }
}
