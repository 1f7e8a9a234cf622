namespace AmbiSSL.Torch.Metrics;

/// <summary>How well two masks of one size cover each other.</summary>
internal static class MaskOverlap
{
    /// <summary>Intersection over union, |a ∩ b| / |a ∪ b|.</summary>
    /// <param name="first">A mask <c>[H, W]</c>.</param>
    /// <param name="second">A mask <c>[H, W]</c> of the same size.</param>
    /// <param name="emptyMasks">What two empty masks give. The default value is <see cref="EmptyMaskConvention.IouIsOne"/>.</param>
    /// <returns>0 (disjoint) to 1 (equal).</returns>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public static double IntersectionOverUnion(
        BitMask first, BitMask second, EmptyMaskConvention emptyMasks = EmptyMaskConvention.IouIsOne)
    {
        ArgumentNullException.ThrowIfNull(first);
        int intersection = first.IntersectionCount(second);
        int union = first.Area + second.Area - intersection;
        if (union == 0)
        {
            return emptyMasks == EmptyMaskConvention.IouIsOne ? 1 : 0;
        }

        return (double)intersection / union;
    }

    /// <summary>Dice similarity, 2·|a ∩ b| / (|a| + |b|); two empty masks give 1.</summary>
    /// <param name="first">A mask <c>[H, W]</c>.</param>
    /// <param name="second">A mask <c>[H, W]</c> of the same size.</param>
    /// <returns>0 (disjoint) to 1 (equal).</returns>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public static double Dice(BitMask first, BitMask second)
    {
        ArgumentNullException.ThrowIfNull(first);
        int intersection = first.IntersectionCount(second);
        long areas = (long)first.Area + second.Area;
        return areas == 0 ? 1 : 2.0 * intersection / areas;
    }
}
