using AmbiSSL.Torch.Foundation;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Losses;

/// <summary>
/// The likelihood of whole annotations, integrated over samples of the logits (Monteiro et al., <i>Stochastic Segmentation Networks</i>, NeurIPS 2020).
/// </summary>
internal static class MonteCarloLikelihood
{
    /// <summary>
    /// Negative logarithm of the mean, over samples, of the probability of an annotation, which is the product of its pixels' probabilities; mean over annotations
    /// and images, divided by the number of pixels so that images of all sizes have losses of one size. A scalar in the caller's dispose scope.
    /// </summary>
    /// <param name="logits">[B, M, H, W] of M samples.</param>
    /// <param name="annotations">[B, A, H, W], 0 or 1.</param>
    /// <param name="counted">[B, A, H, W], 0 where an annotation, 0 too, says nothing, and 1 where it counts; null where every pixel does.</param>
    public static Tensor Compute(Tensor logits, Tensor annotations, Tensor? counted = null)
    {
        using var scope = NewDisposeScope();
        var (samples, masks) = (logits.flatten(2), annotations.flatten(2));
        var background = nn.functional.logsigmoid(samples.negative());
        var empty = counted is null ? background.sum(2).unsqueeze(1) : counted.flatten(2).bmm(background.transpose(1, 2));
        var whole = masks.bmm(samples.transpose(1, 2)).Plus(empty);
        var pixels = samples.shape[2];
        return whole.logsumexp(2).Minus(Math.Log(samples.shape[1])).mean().Over(-pixels).MoveToOuterDisposeScope();
    }
}
