namespace AmbiSSL.Torch.Metrics;

/// <summary>The mean distance d = 1 - IoU over pairs of masks: how far sets lie apart, and how diverse one is.</summary>
internal static class PairwiseDistance
{
    /// <summary>The mean distance over all N·M pairs of a mask of one set and a mask of the other, E[d(P, A)] of eq. 22.</summary>
    /// <param name="first">N masks <c>[H, W]</c>, at least one.</param>
    /// <param name="second">M masks <c>[H, W]</c>, at least one.</param>
    /// <param name="emptyMasks">What two empty masks give. The default value is <see cref="EmptyMaskConvention.IouIsOne"/>.</param>
    /// <returns>0 to 1.</returns>
    /// <exception cref="ArgumentException">A set is empty, or sizes differ.</exception>
    public static double Between(
        ReadOnlySpan<BitMask> first, ReadOnlySpan<BitMask> second, EmptyMaskConvention emptyMasks = EmptyMaskConvention.IouIsOne)
    {
        MetricArguments.RequireSets(first, second, nameof(first), nameof(second));
        double sum = 0;
        foreach (BitMask mask in first)
        {
            foreach (BitMask other in second)
            {
                sum += Distance(mask, other, emptyMasks);
            }
        }

        return sum / ((double)first.Length * second.Length);
    }

    /// <summary>The mean distance over all N·N ordered pairs of a set, each mask paired with itself too: E[d(P, P')] of eq. 22.</summary>
    /// <param name="masks">N masks <c>[H, W]</c>, at least one.</param>
    /// <param name="emptyMasks">What two empty masks give. The default value is <see cref="EmptyMaskConvention.IouIsOne"/>.</param>
    /// <returns>0 to 1.</returns>
    /// <exception cref="ArgumentException">The set is empty, or sizes differ.</exception>
    public static double Within(ReadOnlySpan<BitMask> masks, EmptyMaskConvention emptyMasks = EmptyMaskConvention.IouIsOne)
    {
        MetricArguments.RequireSet(masks, nameof(masks));
        double selfPairs = 0;
        foreach (BitMask mask in masks)
        {
            selfPairs += Distance(mask, mask, emptyMasks);
        }

        return (selfPairs + (2 * SumOverUnorderedPairs(masks, emptyMasks))) / ((double)masks.Length * masks.Length);
    }

    /// <summary>The mean distance over the N·(N - 1) ordered pairs of different masks: the diversity of samples or experts.</summary>
    /// <remarks>Its expectation does not depend on N, so images with different numbers of experts compare.</remarks>
    /// <param name="masks">N masks <c>[H, W]</c>, at least one.</param>
    /// <param name="emptyMasks">What two empty masks give. The default value is <see cref="EmptyMaskConvention.IouIsOne"/>.</param>
    /// <returns>0 to 1; NaN for a single mask, which has no pair.</returns>
    /// <exception cref="ArgumentException">The set is empty, or sizes differ.</exception>
    public static double WithinDistinct(ReadOnlySpan<BitMask> masks, EmptyMaskConvention emptyMasks = EmptyMaskConvention.IouIsOne)
    {
        MetricArguments.RequireSet(masks, nameof(masks));
        double orderedPairs = (double)masks.Length * (masks.Length - 1);
        return orderedPairs == 0 ? double.NaN : 2 * SumOverUnorderedPairs(masks, emptyMasks) / orderedPairs;
    }

    private static double SumOverUnorderedPairs(ReadOnlySpan<BitMask> masks, EmptyMaskConvention emptyMasks)
    {
        double sum = 0;
        for (int i = 1; i < masks.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                sum += Distance(masks[i], masks[j], emptyMasks);
            }
        }

        return sum;
    }

    private static double Distance(BitMask first, BitMask second, EmptyMaskConvention emptyMasks) =>
        1 - MaskOverlap.IntersectionOverUnion(first, second, emptyMasks);
}
