using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Latent;
using AmbiSSL.Torch.Losses;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary><see cref="CrossSupervision.Printed"/>: eqs. 15 to 20 as the paper prints them; the next learner teaches the one before it.</summary>
/// <param name="labels">Encoder and decoders.</param>
/// <param name="latent">Prior and posterior.</param>
/// <param name="alpha">Weight of the divergence.</param>
/// <param name="inEvaluation">Makes pseudo-labels with the running statistics of batch normalization, which stay as they are.</param>
internal sealed class PrintedSupervision(
    DiversePseudoLabelGeneration labels,
    SemiSupervisedLatentDistributionLearning latent,
    double alpha,
    Func<Func<PseudoLabelSets>, PseudoLabelSets> inEvaluation)
    : CrossDecoderSupervision(labels, latent)
{
    /// <inheritdoc/>
    public override Tensor Loss(TrainingBatch batch, UnlabeledDraws draws, LossTerms terms)
    {
        var (weak, strong) = (batch.WeakImages!, batch.StrongImages!);
        var (_, features) = Decode(batch);
        var priors = Latent.UnlabeledPriors(weak, strong);
        var sets = PseudoLabels(weak, priors[0].Detach().Codes(draws.PseudoLabels).transpose(0, 1));
        var posteriors = Latent.UnlabeledPosteriors([.. Learners.Select((learner, i) =>
            (learner.View == UnlabeledView.Weak ? weak : strong, InView(learner, batch, sets.WithTheta(i + 1))))]);
        return Learners.Select((learner, i) =>
        {
            var teacher = (i + 1) % Learners.Count;
            var target = MaskSets.Select(InView(learner, batch, sets.Hard(teacher + 1)), draws.Taught[teacher]);
            var counted = CountedInView(learner, batch) is { } pixels ? MaskSets.Select(pixels, draws.Taught[teacher]) : null;
            var prior = priors[learner.View == UnlabeledView.Weak ? 0 : 1];
            return LearnerLoss(learner, features[i], prior, posteriors[i], draws.Posterior[i], target, counted, terms);
        }).Aggregate((sum, loss) => sum.Plus(loss));
    }

    /// <summary>Pseudo-label sets of weak views for prior codes [B, A, D] (eq. 9-11).</summary>
    public PseudoLabelSets PseudoLabels(Tensor weak, Tensor codes) =>
        inEvaluation(() => Labels.PseudoLabels(Labels.Encoder.Encode(weak), codes, new Dictionary<DecoderBranch, Tensor>()));

    /// <summary>Loss of one decoder (eq. 15, 17, 19 or 16, 18, 20).</summary>
    private Tensor LearnerLoss(
        DecoderBranch learner,
        Tensor features,
        LatentDistribution prior,
        LatentDistribution posterior,
        Tensor noise,
        Tensor target,
        Tensor? counted,
        LossTerms terms)
    {
        var logits = learner.Head.call(features, posterior.Codes(noise).unsqueeze(1));
        return terms.Add("unlabeled_kl" + learner.Suffix, posterior.DivergenceFrom(prior)).Times(alpha)
            .Plus(terms.Add("unlabeled_dice" + learner.Suffix, DiceLoss.Compute(logits, target, counted)));
    }
}
