using AmbiSSL.Torch.Foundation;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Losses;

/// <summary>
/// The energy distance of sampled masks to annotations: a proper scoring rule, least where samples are distributed as annotations are
/// (Gneiting and Raftery, <i>Strictly Proper Scoring Rules, Prediction, and Estimation</i>, JASA 2007, eq. 22).
/// </summary>
internal static class EnergyDistance
{
    private const double Smallest = 1e-6;

    /// <summary>
    /// E[d(S, Y)] - E[d(S, S')] / 2 over distinct samples, with the Jaccard distance d = 1 - sum min / sum max of probabilities, which is 1 - IoU
    /// of masks; mean over the batch and the classes. Half of the generalized energy distance (eq. 22 of AmbiSSL) but for what the annotations alone decide.
    /// A scalar in the caller's dispose scope.
    /// </summary>
    /// <param name="logits">[B, S, K, H, W] of at least two samples.</param>
    /// <param name="annotations">[B, A, K, H, W], 0 or 1.</param>
    /// <param name="counted">
    /// [B, A, K, H, W], or 1 in place of K, 0 where an annotation, 0 too, says nothing: the distances from it, and those of the samples that are held
    /// against them, are over the other pixels; null where every pixel counts.
    /// </param>
    /// <param name="own">[B, A], 0 where an annotation is a repetition, which adds nothing, and 1 elsewhere; null where none is.</param>
    public static Tensor Compute(Tensor logits, Tensor annotations, Tensor? counted = null, Tensor? own = null)
    {
        using var scope = NewDisposeScope();
        var (samples, masks) = (ByClass(logits.sigmoid()), ByClass(annotations));
        var pixels = counted is null ? null : ByClass(counted.expand_as(annotations)).transpose(1, 2);

        // Sums over the pixels: [B * K, S], or [B * K, S, A] where those of each annotation are its own.
        Tensor Sum(Tensor values) => pixels is null ? values.sum(2) : values.bmm(pixels);

        var area = pixels is null ? Sum(samples).unsqueeze(2) : Sum(samples);
        var between = area.Plus(masks.sum(2).unsqueeze(1));
        var distances = Jaccard(between, between - samples.bmm(masks.transpose(1, 2)).Times(2));
        var pairs = triu_indices((int)samples.shape[1], (int)samples.shape[1], offset: 1, device: samples.device);
        var (first, second) = (samples.index_select(1, pairs[0]), samples.index_select(1, pairs[1]));
        var within = Jaccard(Sum(first.Plus(second)), Sum((first - second).abs()));
        return (Mean(distances, annotations, own) - Mean(within, annotations, pixels is null ? null : own).Over(2)).MoveToOuterDisposeScope();
    }

    /// <summary>Mean of distances [B * K, ?, A], or others where no annotation is a repetition.</summary>
    private static Tensor Mean(Tensor distances, Tensor annotations, Tensor? own) =>
        own is null ? distances.mean() : MaskSets.Mean(distances.unflatten(0, annotations.shape[0], annotations.shape[2]).mean([1, 2]), own);

    /// <summary>Sets [B, A, K, H, W] as those of each class, its pixels in one row, [B * K, A, H * W].</summary>
    private static Tensor ByClass(Tensor sets) => sets.transpose(1, 2).flatten(0, 1).flatten(2);

    /// <summary>Distance of two masks from their sum and their absolute difference, each summed over the pixels; 0 where both are empty.</summary>
    private static Tensor Jaccard(Tensor sum, Tensor difference) => difference.Times(2) / sum.Plus(difference).NotBelow(Smallest);
}
