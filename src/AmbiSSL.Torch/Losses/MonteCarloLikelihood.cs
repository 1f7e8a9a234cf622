using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Networks;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Losses;

/// <summary>
/// The likelihood of whole annotations, integrated over samples of the logits (Monteiro et al., <i>Stochastic Segmentation Networks</i>, NeurIPS 2020).
/// </summary>
internal static class MonteCarloLikelihood
{
    /// <summary>
    /// Negative logarithm of the mean, over samples, of the probability of an annotation, which is the product of its pixels' probabilities; mean
    /// over annotations and images, divided by the number of pixels, and of classes where they overlap, so that images of all sizes have losses of
    /// one size. A scalar in the caller's dispose scope.
    /// </summary>
    /// <param name="activation">What logits are.</param>
    /// <param name="logits">[B, M, K, H, W] of M samples, as a last layer gives them.</param>
    /// <param name="annotations">[B, A, K, H, W], 0 or 1.</param>
    /// <param name="counted">[B, A, 1, H, W], 0 where an annotation, 0 too, says nothing, and 1 where it counts; null where every pixel does.</param>
    /// <param name="own">[B, A], 0 where an annotation is a repetition, which adds nothing, and 1 elsewhere; null where none is.</param>
    public static Tensor Compute(ClassActivation activation, Tensor logits, Tensor annotations, Tensor? counted = null, Tensor? own = null)
    {
        using var scope = NewDisposeScope();
        var (samples, masks) = (logits.flatten(2), annotations.flatten(2));
        var planes = activation.LogBackground(logits);
        var (background, pixels) = (planes.flatten(2), planes[0, 0].numel());
        var empty = counted is null
            ? background.sum(2).unsqueeze(1)
            : counted.expand(-1, -1, planes.shape[2], -1, -1).flatten(2).bmm(background.transpose(1, 2));
        var whole = masks.bmm(samples.transpose(1, 2)).Plus(empty);
        var logarithms = whole.logsumexp(2).Minus(Math.Log(samples.shape[1]));
        return (own is null ? logarithms.mean() : MaskSets.Mean(logarithms, own)).Over(-pixels).MoveToOuterDisposeScope();
    }
}
