using AmbiSSL.Torch.Methods;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Methods;

[Category("Oracle")]
public sealed class PseudoLabelSetsTests : TorchFixture
{
    [TestCase(EnsembleRule.MeanProbability, "mean_prob_hard")]
    [TestCase(EnsembleRule.SoftMean, "mean_prob")]
    [TestCase(EnsembleRule.Union, "sum_of_hard_clamped_union")]
    public void Ensemble_of_two_sets(EnsembleRule rule, string expected)
    {
        var oracle = OracleFolder.Read("pseudo_label_ensemble.json");

        var joined = PseudoLabelSets.Ensemble(rule, Logits("P_phi"), Logits("P_theta"));

        TorchOracle.AssertClose(joined, oracle.GetProperty(expected), 1e-9, expected);
        Tensor Logits(string name) => oracle.Tensor(name, ScalarType.Float64).logit();
    }

    [Test]
    public void Mean_of_logits_is_hardened_where_its_probability_passes_one_half()
    {
        var oracle = OracleFolder.Read("pseudo_label_ensemble.json");
        var (phi, theta) = (oracle.Tensor("P_phi", ScalarType.Float64).logit(), oracle.Tensor("P_theta", ScalarType.Float64).logit());

        var joined = PseudoLabelSets.Ensemble(EnsembleRule.MeanLogit, phi, theta);

        var expected = oracle.Tensor("mean_logit_prob", ScalarType.Float64);
        var decided = (expected - 0.5).abs().gt(1e-9);
        Assert.That(joined[decided].data<double>().ToArray(), Is.EqualTo(expected.gt(0.5).to(ScalarType.Float64)[decided].data<double>().ToArray()));
    }
}
