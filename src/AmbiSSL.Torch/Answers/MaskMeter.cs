namespace AmbiSSL.Torch.Answers;

/// <summary>Measures a mask row by row. What it keeps is the left and the right half of the convex hull of the rows so far.</summary>
internal sealed class MaskMeter
{
    private readonly List<(long X, long Y)> _left = [];
    private readonly List<(long X, long Y)> _right = [];
    private long _area;
    private long _row;

    /// <summary>Measures a whole mask.</summary>
    /// <param name="mask">H·W values in [H, W] order; nonzero is foreground.</param>
    /// <param name="size">Height and width.</param>
    public static MaskMeter Of(ReadOnlySpan<byte> mask, ImageSize size)
    {
        var meter = new MaskMeter();
        for (var start = 0; start < mask.Length; start += size.Width)
        {
            meter.Add(mask.Slice(start, size.Width));
        }

        return meter;
    }

    /// <summary>Adds the next row; nonzero is foreground.</summary>
    public void Add(ReadOnlySpan<byte> row)
    {
        if (row.IndexOfAnyExcept<byte>(0) is var first and >= 0)
        {
            // The outer corners of the first and the last pixel: all others lie between them.
            var end = row.LastIndexOfAnyExcept<byte>(0) + 1;
            _area += row.Length - row.Count<byte>(0);
            for (var y = _row; y <= _row + 1; y++)
            {
                Extend(_left, (first, y), outward: -1);
                Extend(_right, (end, y), outward: 1);
            }
        }

        _row++;
    }

    /// <summary>The sizes of the rows so far.</summary>
    /// <param name="spacing">Distances of rows and of columns in millimeters; null to measure in pixels.</param>
    /// <exception cref="ArgumentOutOfRangeException">A distance is not above 0.</exception>
    public MaskSizes Sizes(PixelSpacing? spacing = null)
    {
        var (down, right) = spacing ?? new PixelSpacing(1, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(down, nameof(spacing));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(right, nameof(spacing));
        (double X, double Y)[] hull = [.. _left.Concat(_right).Select(corner => (corner.X * right, corner.Y * down))];
        var largest = 0.0;
        for (var i = 0; i < hull.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                largest = Math.Max(largest, double.Hypot(hull[i].X - hull[j].X, hull[i].Y - hull[j].Y));
            }
        }

        return new MaskSizes(_area * down * right, largest);
    }

    // Half of a convex hull from the top down (Andrew's monotone chain).
    private static void Extend(List<(long X, long Y)> chain, (long X, long Y) corner, int outward)
    {
        if (chain.Count > 0 && chain[^1].Y == corner.Y)
        {
            if ((corner.X - chain[^1].X) * outward <= 0)
            {
                return;
            }

            chain.RemoveAt(chain.Count - 1);
        }

        while (chain.Count > 1 && Turn(chain[^2], chain[^1], corner) * outward <= 0)
        {
            chain.RemoveAt(chain.Count - 1);
        }

        chain.Add(corner);
    }

    private static long Turn((long X, long Y) a, (long X, long Y) b, (long X, long Y) c) => ((b.X - a.X) * (c.Y - a.Y)) - ((b.Y - a.Y) * (c.X - a.X));
}
