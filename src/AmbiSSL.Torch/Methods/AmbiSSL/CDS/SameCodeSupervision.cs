using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Losses;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary><see cref="CrossSupervision.SameCode"/>: what a decoder draws at a code learns the decoders' majority at the same code.</summary>
internal sealed class SameCodeSupervision(DiversePseudoLabelGeneration labels, SemiSupervisedLatentDistributionLearning latent)
    : CrossDecoderSupervision(labels, latent)
{
    /// <inheritdoc/>
    public override Tensor Loss(TrainingBatch batch, UnlabeledDraws draws, LossTerms terms)
    {
        var (weak, features) = Decode(batch);
        var codes = Codes(batch.WeakImages!, draws.PseudoLabels);
        var decoded = Learners.Zip(features).Where(pair => pair.First.View == UnlabeledView.Weak)
            .ToDictionary(pair => pair.First, pair => pair.Second.detach());
        var majority = Labels.PseudoLabels(weak.Detach(), codes, decoded).Majority();
        return Learners.Select((learner, i) =>
        {
            var logits = learner.Head.call(features[i], codes);
            var counted = CountedInView(learner, batch) is { } pixels ? MaskSets.OneByOne(pixels) : null;
            var dice = DiceLoss.Compute(MaskSets.OneByOne(logits), MaskSets.OneByOne(InView(learner, batch, majority)), counted);
            return terms.Add("unlabeled_dice" + learner.Suffix, dice);
        }).Aggregate((sum, loss) => sum.Plus(loss));
    }

    private Tensor Codes(Tensor weak, Tensor noise)
    {
        using var gradients = no_grad();
        return Latent.UnlabeledPriors(weak)[0].Codes(noise).transpose(0, 1);
    }
}
