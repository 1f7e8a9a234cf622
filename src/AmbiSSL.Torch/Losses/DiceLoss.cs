using AmbiSSL.Torch.Foundation;
using static AmbiSSL.Torch.Foundation.TensorArithmetic;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Losses;

/// <summary>Dice losses on logits. Results are scalars in the caller's dispose scope.</summary>
internal static class DiceLoss
{
    private const double Smallest = 1e-6;

    /// <summary>
    /// One minus Dice of sigmoid probabilities, per channel and class over the whole batch, mean over channels and classes; one channel becomes foreground and
    /// background of each class. It is the generalized Dice loss of public code without its weights, which cancel.
    /// </summary>
    /// <param name="logits">[B, C, K, H, W].</param>
    /// <param name="target">[B, C, K, H, W], 0 to 1.</param>
    /// <param name="counted">[B, C, K, H, W], or 1 in place of any, 1 where a pixel counts and 0 where it does not; null where all do.</param>
    public static Tensor Compute(Tensor logits, Tensor target, Tensor? counted = null)
    {
        using var scope = NewDisposeScope();
        var probability = logits.sigmoid();
        if (counted is not null)
        {
            (probability, target) = (probability * counted, target * counted);
        }

        // Sums over the pixels of all images: [C * K].
        Tensor Sum(Tensor values) => values.sum([0, 3, 4]);

        var (both, either) = (Sum(probability * target), Sum(probability).Plus(Sum(target)));
        var halves = HalfDice(both, either);
        if (logits.shape[1] > 1)
        {
            return OneMinus(halves.mean().Times(2)).MoveToOuterDisposeScope();
        }

        var pixels = counted is null ? zeros_like(both).Plus((double)logits.numel() / both.numel()) : Sum(counted.expand_as(logits));
        var neither = either.negative();
        var background = HalfDice(neither.Plus(both).Plus(pixels), neither.Plus(pixels.Times(2)));
        return OneMinus(halves.Plus(background).mean()).MoveToOuterDisposeScope();
    }

    /// <summary>Half of the Dice of two masks from what is in both and the sum of what is in each; 0 where both are empty.</summary>
    private static Tensor HalfDice(Tensor both, Tensor sum) => both / sum.NotBelow(Smallest);
}
