using AmbiSSL.Torch.Latent;
using AmbiSSL.Torch.Methods;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Methods;

public sealed class ProbabilisticUNetMethodTests : TorchFixture
{
    private const int Annotators = 3;

    private static readonly ProbabilisticUNetOptions Options =
        (ProbabilisticUNetOptions)RegisteredMethods.Options(ProbabilisticUNetOptions.Word);

    [Test]
    public void Posterior_sees_the_drawn_mask_and_no_other()
    {
        using var method = new ProbabilisticUNetMethod(Options, TinyData.Shape, MaskClasses.One);
        var (images, annotations, draws) = Batch();
        Tensor Changed(int annotator)
        {
            var changed = annotations.clone();
            changed[1, annotator].copy_(1 - annotations[1, annotator]);
            return changed;
        }

        var divergence = Terms(method, images, annotations, draws)["kl"];

        // The second image's target is annotation 2.
        Assert.That(Terms(method, images, Changed(0), draws)["kl"], Is.EqualTo(divergence));
        Assert.That(Terms(method, images, Changed(1), draws)["kl"], Is.EqualTo(divergence));
        Assert.That(Terms(method, images, Changed(2), draws)["kl"], Is.Not.EqualTo(divergence));
        var weight = method.named_parameters().Single(named => named.name == "posterior.encoder.0.weight").parameter;
        Assert.That(weight.shape[1], Is.EqualTo(TinyData.Shape.Channels + 1));
    }

    [TestCase(1)]
    [TestCase(0.25)]
    public void Loss_is_Dice_plus_the_weighted_divergence(double divergenceWeight)
    {
        using var method = new ProbabilisticUNetMethod(Options with { KullbackLeiblerWeight = divergenceWeight }, TinyData.Shape, MaskClasses.One);
        var (images, annotations, draws) = Batch();
        var terms = new LossTerms();

        var total = method.Supervised(new TrainingBatch(images, annotations, null, null), draws, terms).item<float>();

        var target = stack([annotations[0, 0], annotations[1, 2]]).unsqueeze(1);
        var (prior, posterior) = (method.Latent.Prior(LatentFamily.Normal, images), method.Latent.Posterior(LatentFamily.Normal, images, target));
        var code = posterior.Location + (posterior.LogScale.exp() * draws.Posterior);
        var dice = ManagedDice.ForegroundAndBackground(
            ManagedDice.Values(method.Network.Logits(images, code.unsqueeze(1))), ManagedDice.Values(target));
        var divergence = Divergence(posterior, prior);
        Assert.Multiple(() =>
        {
            Assert.That(terms.Sum(images).Terms.Select(term => term.Name), Is.EqualTo((string[])["kl", "dice"]));
            Assert.That(total, Is.EqualTo(dice + (divergenceWeight * divergence)).Within(1e-5));
        });
    }

    [Test]
    public void It_never_asks_for_unlabeled_images()
    {
        using var method = new ProbabilisticUNetMethod(Options, TinyData.Shape, MaskClasses.One);

        Assert.That(Enumerable.Range(0, 100).Select(method.UsesUnlabeled), Has.All.False);
    }

    [Test]
    public void Weight_of_the_divergence_is_one_and_not_negative()
    {
        Assert.That(new ProbabilisticUNetOptions().KullbackLeiblerWeight, Is.EqualTo(1));
        Assert.That(
            (Options with { KullbackLeiblerWeight = -1 }).Validate,
            Throws.ArgumentException.With.Message.StartsWith("Option KullbackLeiblerWeight is -1; it must be a number of at least 0."));
    }

    /// <summary>Two images; the first one's target is annotation 0, the second one's annotation 2.</summary>
    private static (Tensor Images, Tensor Annotations, LabeledDraws Draws) Batch() => (
        rand(2, 1, 16, 16),
        rand([2, Annotators, 1, 16, 16]).round(),
        new LabeledDraws(randn(2, Options.LatentDimensions), zeros(0, 2, Options.LatentDimensions), tensor(new[] { 0L, 2L })));

    private static Dictionary<string, float> Terms(ProbabilisticUNetMethod method, Tensor images, Tensor annotations, LabeledDraws draws)
    {
        var terms = new LossTerms();
        var total = method.Supervised(new TrainingBatch(images, annotations, null, null), draws, terms);
        return terms.Sum(total).Terms.ToDictionary(term => term.Name, term => term.Value.item<float>());
    }

    private static double Divergence(LatentDistribution posterior, LatentDistribution prior)
    {
        float[] Values(Tensor x) => ManagedDice.Values(x);
        var (mean1, scale1) = (Values(posterior.Location), Values(posterior.LogScale));
        var (mean2, scale2) = (Values(prior.Location), Values(prior.LogScale));
        var sum = Enumerable.Range(0, mean1.Length).Sum(i =>
            scale2[i] - scale1[i] + ((Math.Exp(2 * scale1[i]) + Math.Pow(mean1[i] - mean2[i], 2)) / (2 * Math.Exp(2 * scale2[i]))) - 0.5);
        return sum / posterior.Location.shape[0];
    }
}
