using AmbiSSL.Torch.Networks;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>
/// Cross-decoder supervision (section 3.3): every pruned decoder learns on its view of unlabeled images from the pseudo-labels of weak views. The
/// encoder sees weak and strong views in passes of their own, since it may normalize batches; prior and posterior see them together.
/// </summary>
/// <param name="labels">Encoder and decoders.</param>
/// <param name="latent">Prior and posterior.</param>
internal abstract class CrossDecoderSupervision(DiversePseudoLabelGeneration labels, SemiSupervisedLatentDistributionLearning latent)
{
    /// <summary>Encoder and decoders.</summary>
    protected DiversePseudoLabelGeneration Labels { get; } = labels;

    /// <summary>Prior and posterior.</summary>
    protected SemiSupervisedLatentDistributionLearning Latent { get; } = latent;

    /// <summary>The pruned decoders: learner i is decoder i + 1.</summary>
    protected IReadOnlyList<DecoderBranch> Learners { get; } = [.. labels.Branches.Skip(1)];

    /// <summary>The sum over the pruned decoders of the loss of a batch's unlabeled images (eq. 19, 20), in the caller's dispose scope.</summary>
    public abstract Tensor Loss(TrainingBatch batch, UnlabeledDraws draws, LossTerms terms);

    /// <summary>What each learner decodes of its view, and the weak views' pyramid.</summary>
    protected (FeaturePyramid Weak, Tensor[] Features) Decode(TrainingBatch batch)
    {
        var weak = Labels.Encoder.Encode(batch.WeakImages!);
        FeaturePyramid? strong = null;
        return (weak, [.. Learners.Select(learner =>
            learner.Decoder.Decode(learner.View == UnlabeledView.Weak ? weak : strong ??= Labels.Encoder.Encode(batch.StrongImages!)))]);
    }

    /// <summary>Masks [B, A, K, H, W] of weak views as a learner's view shows them: with the annotations of what was pasted into it.</summary>
    protected static Tensor InView(DecoderBranch learner, TrainingBatch batch, Tensor masks) =>
        learner.View == UnlabeledView.Weak ? masks : batch.InStrongView(masks);

    /// <summary>Which of their pixels count; null where all do.</summary>
    protected static Tensor? CountedInView(DecoderBranch learner, TrainingBatch batch) =>
        learner.View == UnlabeledView.Weak ? null : batch.CountedInStrongView();
}
