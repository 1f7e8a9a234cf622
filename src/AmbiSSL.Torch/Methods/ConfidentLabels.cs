using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Losses;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>Hard pseudo-labels with the pixels that are sure enough to be learned from.</summary>
/// <param name="Masks">[B, A, H, W], 1 where the probability of the foreground is above one half, else 0.</param>
/// <param name="Confident">[B, A, H, W], 1 where that probability is at least the threshold or at most its complement, else 0.</param>
internal sealed record ConfidentLabels(Tensor Masks, Tensor Confident)
{
    /// <summary>Pseudo-labels of logits [B, A, H, W]. They belong to the caller's dispose scope.</summary>
    /// <param name="logits">[B, A, H, W].</param>
    /// <param name="threshold">Probability from 0.5, where every pixel is confident, to 1.</param>
    public static ConfidentLabels From(Tensor logits, double threshold)
    {
        using var scope = NewDisposeScope();
        var probability = logits.sigmoid();
        var confident = probability.IsAtLeast(threshold).logical_or(probability.IsAtMost(1 - threshold)).to(logits.dtype);
        return new ConfidentLabels(MaskSets.Harden(logits).MoveToOuterDisposeScope(), confident.MoveToOuterDisposeScope());
    }
}
