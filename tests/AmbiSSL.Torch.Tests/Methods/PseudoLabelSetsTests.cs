using AmbiSSL.Torch.Methods;
using AmbiSSL.Torch.Networks;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Methods;

public sealed class PseudoLabelSetsTests : TorchFixture
{
    private static readonly ClassActivation OneClass = new(MaskClasses.One);

    [Test]
    [Category("Oracle")]
    public void Ensemble_of_two_sets()
    {
        var oracle = OracleFolder.Read("pseudo_label_ensemble.json");
        Tensor Logits(string name) => oracle.Tensor(name, ScalarType.Float64).logit();
        var sets = new PseudoLabelSets(OneClass, [Logits("P_theta"), Logits("P_phi")]);

        TorchOracle.AssertClose(sets.WithTheta(1), oracle.GetProperty("mean_prob_hard"), 1e-9, "mean_prob_hard");
    }

    [Test]
    public void Majority_is_where_the_mean_of_all_probabilities_is_above_one_half()
    {
        var probabilities = rand([3, 2, 2, 8, 8], ScalarType.Float64);
        var sets = new PseudoLabelSets(OneClass, [.. Enumerable.Range(0, 3).Select(i => probabilities[i].logit())]);

        Assert.That(sets.Majority().eq(probabilities.mean([0]).gt(0.5).to(ScalarType.Float64)).all().item<bool>());
    }

    [Test]
    public void Hard_masks_are_where_a_probability_is_above_one_half()
    {
        var probabilities = rand(1, 2, 8, 8, ScalarType.Float64);

        Assert.That(new PseudoLabelSets(OneClass, [probabilities.logit()]).Hard(0).eq(probabilities.gt(0.5).to(ScalarType.Float64)).all().item<bool>());
    }
}
