using AmbiSSL.Torch.Losses;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>
/// Probabilistic U-Net (Kohl et al., NeurIPS 2018): the posterior sees the image and the one annotation that was drawn as its target; the
/// loss is Dice, in place of the original's cross-entropy, plus the weighted divergence.
/// </summary>
internal sealed class ProbabilisticUNetMethod : LatentMethod
{
    public ProbabilisticUNetMethod(ProbabilisticUNetOptions options, ImageShape shape, MaskClasses classes)
        : base(options, shape, classes, posteriorMasks: 1, new SupervisedLoss(options, options.KullbackLeiblerWeight, beta: 0, boundSamples: 0))
    {
    }

    /// <inheritdoc/>
    public override bool UsesUnlabeled(int epoch) => false;

    /// <summary>The drawn annotation alone, [B, 1, K, H, W].</summary>
    public override Tensor PosteriorMasks(Tensor annotations, LabeledDraws draws) => MaskSets.Select(annotations, draws.Annotation);
}
