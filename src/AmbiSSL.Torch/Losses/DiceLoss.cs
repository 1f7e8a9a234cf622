using AmbiSSL.Torch.Foundation;
using static AmbiSSL.Torch.Foundation.TensorArithmetic;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Losses;

/// <summary>Dice losses on logits. Results are scalars in the caller's dispose scope.</summary>
internal static class DiceLoss
{
    private const double Smallest = 1e-6;

    /// <summary>
    /// Generalized Dice of sigmoid probabilities, per channel and class over the whole batch, mean over channels and classes; one channel becomes
    /// foreground and background of each class.
    /// </summary>
    /// <param name="logits">[B, C, K, H, W].</param>
    /// <param name="target">[B, C, K, H, W], 0 to 1.</param>
    /// <param name="counted">[B, C, K, H, W], or 1 in place of any, 1 where a pixel counts and 0 where it does not; null where all do.</param>
    public static Tensor Generalized(Tensor logits, Tensor target, Tensor? counted = null)
    {
        using var scope = NewDisposeScope();
        var probability = logits.sigmoid();
        if (logits.shape[1] == 1)
        {
            probability = cat([probability, OneMinus(probability)], 1);
            target = cat([target, OneMinus(target)], 1);
        }

        if (counted is not null)
        {
            (probability, target) = (probability * counted, target * counted);
        }

        var p = ByChannel(probability);
        var t = ByChannel(target);
        var weight = t.sum(1).Squared().NotBelow(Smallest).reciprocal();
        var intersection = (p * t).sum(1) * weight;
        var union = p.Plus(t).sum(1) * weight;
        return OneMinus((intersection.Times(2) / union.NotBelow(Smallest)).mean()).MoveToOuterDisposeScope();
    }

    private static Tensor ByChannel(Tensor x) => x.flatten(1, 2).transpose(0, 1).flatten(1);
}
