namespace AmbiSSL;

/// <summary>What outlines of <see cref="ConformalOutlines"/> hold: mean over readers and images, of patients each of whom counts once.</summary>
/// <param name="Inner">The share of the inner outline's pixels that are inside what a reader outlines; 1 where the outline is empty.</param>
/// <param name="Outer">The share of what a reader outlines that the outer outline holds; 1 where the reader outlines nothing.</param>
public readonly record struct OutlineCoverage(double Inner, double Outer)
{
    /// <summary>The coverage in one image.</summary>
    /// <param name="inner">H·W values of the inner outline; nonzero is inside.</param>
    /// <param name="outer">H·W values of the outer outline; nonzero is inside.</param>
    /// <param name="masks">M·H·W values of the readers' masks, one after the other; nonzero is inside. At least one.</param>
    /// <exception cref="ArgumentException">There is no mask, or sizes differ.</exception>
    public static OutlineCoverage Of(ReadOnlySpan<byte> inner, ReadOnlySpan<byte> outer, ReadOnlySpan<byte> masks)
    {
        if (inner.Length != outer.Length || masks.IsEmpty || masks.Length % inner.Length != 0)
        {
            throw new ArgumentException(
                $"The outlines have {inner.Length} and {outer.Length} pixels, the masks {masks.Length} together; "
                + "give masks of the outlines' size, at least one.",
                nameof(masks));
        }

        var readers = masks.Length / inner.Length;
        var (precision, sensitivity) = (0.0, 0.0);
        for (var start = 0; start < masks.Length; start += inner.Length)
        {
            var mask = masks.Slice(start, inner.Length);
            precision += Share(inner, mask) / readers;
            sensitivity += Share(mask, outer) / readers;
        }

        return new OutlineCoverage(precision, sensitivity);
    }

    // The share of a mask's pixels that another one holds.
    private static double Share(ReadOnlySpan<byte> mask, ReadOnlySpan<byte> other)
    {
        var (pixels, held) = (0, 0);
        for (var pixel = 0; pixel < mask.Length; pixel++)
        {
            if (mask[pixel] != 0)
            {
                pixels++;
                held += other[pixel] != 0 ? 1 : 0;
            }
        }

        return pixels > 0 ? (double)held / pixels : 1;
    }
}
