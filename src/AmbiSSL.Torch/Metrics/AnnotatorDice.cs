namespace AmbiSSL.Torch.Metrics;

/// <summary>Dice similarity of each annotator's predicted mask with the mask that the annotator drew, for one image.</summary>
/// <remarks>Two empty masks give 1. Larger is better.</remarks>
internal static class AnnotatorDice
{
    /// <summary>Dice of each annotator.</summary>
    /// <param name="predicted">A predicted masks <c>[H, W]</c>, one for each annotator.</param>
    /// <param name="annotations">
    /// M expert masks <c>[H, W]</c>. Where M is less than A, the last annotators have none; where it is more, the last masks are left out.
    /// </param>
    /// <param name="identity">
    /// Who the annotators are. With <see cref="AnnotatorIdentity.AreaRank"/> the expert masks are first put in the order of falling area, in
    /// which equal areas keep theirs.
    /// </param>
    /// <returns>A values, 0 to 1; NaN for an annotator without a mask.</returns>
    /// <exception cref="ArgumentException">Sizes differ, or a mask is null.</exception>
    public static double[] Compute(ReadOnlySpan<BitMask> predicted, ReadOnlySpan<BitMask> annotations, AnnotatorIdentity identity)
    {
        MetricArguments.RequireSets(predicted, annotations);
        var experts = identity == AnnotatorIdentity.AreaRank
            ? [.. annotations.ToArray().OrderByDescending(mask => mask.Area)]
            : annotations.ToArray();
        var dice = new double[predicted.Length];
        for (var annotator = 0; annotator < dice.Length; annotator++)
        {
            dice[annotator] = annotator < experts.Length ? MaskOverlap.Dice(predicted[annotator], experts[annotator]) : double.NaN;
        }

        return dice;
    }
}
