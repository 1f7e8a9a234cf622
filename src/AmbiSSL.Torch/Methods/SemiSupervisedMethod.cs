using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Latent;
using AmbiSSL.Torch.Losses;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>
/// What the paper's three baselines share (section 4.3): labeled images are learned from as in AmbiSSL (eq. 14); for each unlabeled image a
/// network draws a set of pseudo-labels with codes of the prior, as many as labeled images have annotations, and a network that is given
/// the same codes learns them by the Dice loss. Prior and posterior learn from labeled images alone. The baselines differ in which network
/// learns from which, on which view, and which pixels count.
/// </summary>
internal abstract class SemiSupervisedMethod : LatentMethod
{
    private readonly SemiSupervisedOptions _options;
    private readonly int _annotators;

    protected SemiSupervisedMethod(SemiSupervisedOptions options, ImageShape shape, int annotators, MaskClasses classes)
        : base(options, shape, classes, annotators, new SupervisedLoss(options))
    {
        _options = options;
        _annotators = annotators;
    }

    /// <inheritdoc/>
    public override bool UsesUnlabeled(int epoch) => epoch >= _options.WarmUpEpochs;

    /// <summary>Loss of a batch's unlabeled images for prior codes [B, A, D] of the pseudo-labels, without gradient.</summary>
    public abstract Tensor Unsupervised(TrainingBatch batch, Tensor codes, LossTerms terms);

    /// <inheritdoc/>
    protected override Tensor Loss(TrainingBatch batch, StepContext context, LossTerms terms)
    {
        var supervised = base.Loss(batch, context, terms);
        if (!UsesUnlabeled(context.Epoch) || batch.WeakImages is not { } weak)
        {
            return supervised;
        }

        long[] shape = [weak.shape[0], _annotators, _options.LatentDimensions];
        var noise = context.Random.Draw(generator => LatentFamily.Normal.Noise(shape, generator));
        var codes = InEvaluation(() => Latent.PriorCodes(weak, noise));
        return supervised.Plus(Unsupervised(batch, codes, terms).Times(_options.UnsupervisedWeightAt(context)));
    }

    /// <summary>Dice loss of masks against pseudo-labels, each of which counts alike.</summary>
    /// <param name="logits">[B, A, K, H, W] of the network that learns.</param>
    /// <param name="labels">[B, A, K, H, W], 0 or 1.</param>
    /// <param name="counted">[B, A, K, H, W], or 1 in place of K, 1 where a pixel counts and 0 where it does not; null where all do.</param>
    protected Tensor Learn(Tensor logits, Tensor labels, Tensor? counted = null) =>
        DiceLoss.Compute(MaskSets.OneByOne(logits), MaskSets.OneByOne(labels), counted is null ? null : MaskSets.OneByOne(counted));
}
