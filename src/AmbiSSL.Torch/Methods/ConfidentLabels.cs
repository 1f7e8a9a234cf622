using AmbiSSL.Torch.Networks;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>Hard pseudo-labels with the pixels that are sure enough to be learned from.</summary>
/// <param name="Masks">[B, A, K, H, W], 1 where a pixel is most probably of the class, else 0.</param>
/// <param name="Confident">[B, A, K, H, W], or 1 in place of K, 1 where what it most probably is has at least the threshold's probability, else 0.</param>
internal sealed record ConfidentLabels(Tensor Masks, Tensor Confident)
{
    /// <summary>Pseudo-labels of logits [B, A, K, H, W]. They belong to the caller's dispose scope.</summary>
    /// <param name="activation">What logits are.</param>
    /// <param name="logits">[B, A, K, H, W].</param>
    /// <param name="threshold">Probability from 0.5, where every pixel of one class is confident, to 1.</param>
    public static ConfidentLabels From(ClassActivation activation, Tensor logits, double threshold)
    {
        using var scope = NewDisposeScope();
        var confident = activation.AreConfident(logits.sigmoid(), threshold).to(logits.dtype);
        return new ConfidentLabels(activation.HardenLogits(logits).MoveToOuterDisposeScope(), confident.MoveToOuterDisposeScope());
    }
}
