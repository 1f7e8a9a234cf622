using AmbiSSL.Torch.Foundation;
using static AmbiSSL.Torch.Foundation.TensorArithmetic;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Losses;

/// <summary>Bound prediction (section 3.3): the union and intersection of prior samples against those of the annotations.</summary>
internal static class BoundLoss
{
    /// <summary>Mean of the two Dice losses; the paper's sum is twice that. A scalar in the caller's dispose scope.</summary>
    /// <param name="logits">[B, 2, K, H, W], each pixel's largest and smallest logit over the prior samples: their union and intersection.</param>
    /// <param name="annotations">[B, A, K, H, W], 0 or 1.</param>
    /// <param name="counted">
    /// [B, A, 1, H, W], 0 where an annotation, 0 too, says nothing: union and intersection are those of the others, and where all say nothing the pixel
    /// does not count; null where every pixel does.
    /// </param>
    public static Tensor Compute(Tensor logits, Tensor annotations, Tensor? counted = null)
    {
        using var scope = NewDisposeScope();
        var least = counted is null ? annotations : annotations.Plus(OneMinus(counted));
        var target = stack([annotations.amax([1]), least.amin([1])], 1);
        return DiceLoss.Compute(logits, target, counted?.amax([1], keepdim: true)).MoveToOuterDisposeScope();
    }
}
