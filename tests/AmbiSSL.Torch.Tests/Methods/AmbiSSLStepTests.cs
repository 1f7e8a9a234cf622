using System.Text.Json;
using AmbiSSL.Torch.Methods;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Methods;

/// <summary>One whole training step of a tiny AmbiSSL with every random draw given, by either preset.</summary>
[Category("Oracle")]
public sealed class AmbiSSLStepTests : TorchFixture
{
    private static readonly Dictionary<string, string> TermNames = new()
    {
        ["kl_l"] = "kl",
        ["seg_l_theta"] = "dice_theta",
        ["seg_l_phi"] = "dice_phi",
        ["seg_l_xi"] = "dice_xi",
        ["bound_theta"] = "bound_theta",
        ["bound_phi"] = "bound_phi",
        ["bound_xi"] = "bound_xi",
        ["energy_theta"] = "energy_theta",
        ["energy_phi"] = "energy_phi",
        ["energy_xi"] = "energy_xi",
        ["kl_u_phi"] = "unlabeled_kl_phi",
        ["kl_u_xi"] = "unlabeled_kl_xi",
        ["seg_u_phi"] = "unlabeled_dice_phi",
        ["seg_u_xi"] = "unlabeled_dice_xi",
        ["reg"] = "regularization",
    };

    private readonly JsonElement _oracle = AmbiSSLStepOracle.Published.Expected;

    [Test]
    public void Every_loss_term_and_the_total(
        [ValueSource(typeof(AmbiSSLStepOracle), nameof(AmbiSSLStepOracle.Presets))] AmbiSSLStepOracle preset,
        [ValueSource(typeof(TorchOracle), nameof(TorchOracle.Types))] ScalarType type)
    {
        using var method = preset.CreateMethod(type);
        var expected = preset.Expected.GetProperty("terms");

        var (supervised, unsupervised) = preset.Parts(method, type);

        var terms = supervised.Terms.Concat(unsupervised.Terms).ToDictionary(term => term.Name, term => term.Value);
        var names = TermNames.Where(pair => expected.TryGetProperty(pair.Key, out _)).ToArray();
        Assert.That(terms.Keys, Is.EquivalentTo(names.Select(pair => pair.Value)));
        foreach (var (oracleName, name) in names)
        {
            TorchOracle.AssertClose(terms[name], expected.GetProperty(oracleName).GetDouble(), TorchOracle.Tolerance(type), name);
        }

        TorchOracle.AssertClose(
            supervised.Total - (preset.Weight("reg") * terms["regularization"]),
            expected.GetProperty("sup").GetDouble(),
            TorchOracle.Tolerance(type),
            "sup");
        TorchOracle.AssertClose(
            unsupervised.Total / preset.Weight("mu"), expected.GetProperty("unsup").GetDouble(), TorchOracle.Tolerance(type), "unsup");
        TorchOracle.AssertClose(
            supervised.Total + unsupervised.Total, expected.GetProperty("total").GetDouble(), TorchOracle.Tolerance(type), "total");
    }

    [Test]
    public void Every_parameters_gradient(
        [ValueSource(typeof(AmbiSSLStepOracle), nameof(AmbiSSLStepOracle.Presets))] AmbiSSLStepOracle preset,
        [ValueSource(typeof(TorchOracle), nameof(TorchOracle.Types))] ScalarType type)
    {
        using var method = preset.CreateMethod(type);

        var (supervised, unsupervised) = preset.Parts(method, type);
        supervised.Total.backward();
        unsupervised.Total.backward();

        method.AssertGradients(preset.Expected.GetProperty("grad_params"), type);
    }

    [TestCaseSource(typeof(TorchOracle), nameof(TorchOracle.Types))]
    public void Prior_and_posterior(ScalarType type)
    {
        using var method = AmbiSSLStepOracle.Published.CreateMethod(type);
        var images = _oracle.Tensor("x_l", type);

        var (prior, posterior) = method.Latent.Labeled(images, _oracle.Tensor("Y", type).unsqueeze(2));

        TorchOracle.AssertClose(prior.Location, _oracle.GetProperty("mu_prior"), TorchOracle.Tolerance(type), "mu_prior");
        TorchOracle.AssertClose(prior.LogScale, _oracle.GetProperty("ls_prior"), TorchOracle.Tolerance(type), "ls_prior");
        TorchOracle.AssertClose(posterior.Location, _oracle.GetProperty("mu_post"), TorchOracle.Tolerance(type), "mu_post");
        TorchOracle.AssertClose(posterior.LogScale, _oracle.GetProperty("ls_post"), TorchOracle.Tolerance(type), "ls_post");
    }

    [TestCaseSource(typeof(TorchOracle), nameof(TorchOracle.Types))]
    public void Pseudo_label_sets_and_their_ensembles(ScalarType type)
    {
        using var method = AmbiSSLStepOracle.Published.CreateMethod(type);
        var weak = _oracle.Tensor("x_u_weak", type);
        var noise = _oracle.GetProperty("noise").Tensor("u_pseudo", type);
        var codes = method.Latent.UnlabeledPriors(weak)[0].Codes(noise).transpose(0, 1);

        var sets = ((PrintedSupervision)method.Supervision).PseudoLabels(weak, codes);

        var expected = _oracle.GetProperty("P");
        foreach (var (branch, i) in method.Labels.Branches.Select((branch, i) => (branch.Name, i)))
        {
            TorchOracle.AssertClose(sets.Logits[i].sigmoid().squeeze(2), expected.GetProperty(branch), TorchOracle.Tolerance(type), $"P {branch}");
        }

        TorchOracle.AssertClose(sets.WithTheta(1).squeeze(2), _oracle.GetProperty("E_phi"), 0, "E phi");
        TorchOracle.AssertClose(sets.WithTheta(2).squeeze(2), _oracle.GetProperty("E_xi"), 0, "E xi");
    }

    [TestCaseSource(typeof(TorchOracle), nameof(TorchOracle.Types))]
    public void Prediction_with_phi(ScalarType type)
    {
        using var method = AmbiSSLStepOracle.Published.CreateMethod(type);
        var expected = _oracle.GetProperty("predict_phi_eps_prior_0_1");
        var samples = expected.GetProperty("shape")[1].GetInt64();
        var noise = _oracle.GetProperty("noise").Tensor("eps_prior", type).narrow(0, 0, samples).transpose(0, 1);

        var probabilities = method.Probabilities(_oracle.Tensor("x_l", type), noise);

        TorchOracle.AssertClose(probabilities.squeeze(2), expected, TorchOracle.Tolerance(type), "predict_phi_eps_prior_0_1");
    }

    [Test]
    public void Pruned_copies_of_theta()
    {
        var parameters = _oracle.GetProperty("params");
        foreach (var prune in _oracle.GetProperty("prune").EnumerateObject())
        {
            var theta = parameters.Tensor(prune.Name.Replace(".phi.", ".theta.").Replace(".xi.", ".theta."), ScalarType.Float64);
            var exempt = prune.Value.Tensor("M", ScalarType.Bool);
            var mask = DecoderPruning.KeepMask(theta, exempt, prune.Value.GetProperty("coin").GetInt32() == 1, keepFraction: 0.5);

            TorchOracle.AssertClose(theta * mask, parameters.GetProperty(prune.Name), 1e-9, prune.Name);
        }
    }
}
