using static TorchSharp.torch;

namespace AmbiSSL.Torch.Losses;

/// <summary>Bound prediction (section 3.3): the union and intersection of prior samples against those of the annotations.</summary>
internal static class BoundLoss
{
    /// <summary>Mean of the two Dice losses; the paper's sum is twice that. A scalar in the caller's dispose scope.</summary>
    /// <param name="union">[B, 1, H, W], each pixel's largest logit over the prior samples.</param>
    /// <param name="intersection">[B, 1, H, W], each pixel's smallest logit over the prior samples.</param>
    /// <param name="annotations">[B, A, H, W], 0 or 1.</param>
    public static Tensor Compute(Tensor union, Tensor intersection, Tensor annotations)
    {
        using var scope = NewDisposeScope();
        var logits = cat([union, intersection], 1);
        var target = stack([annotations.amax([1]), annotations.amin([1])], 1);
        return DiceLoss.Generalized(logits, target).MoveToOuterDisposeScope();
    }
}
