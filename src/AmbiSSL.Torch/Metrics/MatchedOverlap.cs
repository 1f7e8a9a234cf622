namespace AmbiSSL.Torch.Metrics;

/// <summary>Overlap of two sets of masks of different size, each mask of one matched with a mask of the other.</summary>
internal static class MatchedOverlap
{
    /// <summary>
    /// The mean intersection over union of the best one-to-one assignment, after each set was repeated to the least common multiple of their sizes (Kohl et al.
    /// 2019, Hungarian-matched IoU).
    /// </summary>
    /// <param name="samples">N predicted masks <c>[H, W]</c>, at least one.</param>
    /// <param name="annotations">M expert masks <c>[H, W]</c>, at least one.</param>
    /// <param name="emptyMasks">What two empty masks give.</param>
    /// <returns>0 to 1.</returns>
    /// <exception cref="ArgumentException">A set is empty, or sizes differ.</exception>
    public static double IntersectionOverUnion(ReadOnlySpan<BitMask> samples, ReadOnlySpan<BitMask> annotations, EmptyMaskConvention emptyMasks)
    {
        MetricArguments.RequireSets(samples, annotations);
        var overlaps = new double[samples.Length, annotations.Length];
        for (var i = 0; i < samples.Length; i++)
        {
            for (var j = 0; j < annotations.Length; j++)
            {
                overlaps[i, j] = MaskOverlap.IntersectionOverUnion(samples[i], annotations[j], emptyMasks);
            }
        }

        var side = LeastCommonMultiple(samples.Length, annotations.Length);
        var repeated = new double[side * side];
        for (var i = 0; i < repeated.Length; i++)
        {
            repeated[i] = overlaps[i / side % samples.Length, i % side % annotations.Length];
        }

        return Assignment.Maximize(repeated, side, side).Select((column, row) => repeated[(row * side) + column]).Average();
    }

    private static int LeastCommonMultiple(int first, int second)
    {
        var (divisor, rest) = (first, second);
        while (rest != 0)
        {
            (divisor, rest) = (rest, divisor % rest);
        }

        return first / divisor * second;
    }
}
