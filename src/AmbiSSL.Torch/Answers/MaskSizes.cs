namespace AmbiSSL;

/// <summary>How large the foreground of a mask is.</summary>
/// <param name="Area">Foreground pixels, or square millimeters where the spacing of pixels is given.</param>
/// <param name="LongestDiameter">
/// The largest distance between two points of the foreground, in sides of a pixel or in millimeters: the maximum Feret diameter of pixels that are
/// squares, from outer corner to outer corner, so that one pixel has √2. Components of a mask are measured together. 0 where there is no foreground.
/// </param>
public readonly record struct MaskSizes(double Area, double LongestDiameter)
{
    /// <summary>Measures a mask.</summary>
    /// <param name="mask">H·W values in [H, W] order; nonzero is foreground.</param>
    /// <param name="size">Height and width.</param>
    /// <param name="spacing">Distances of rows and of columns in millimeters; null to measure in pixels.</param>
    /// <exception cref="ArgumentException">There are not H·W values.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A distance is not above 0.</exception>
    public static MaskSizes Of(ReadOnlySpan<byte> mask, ImageSize size, PixelSpacing? spacing = null)
    {
        size.RequireValues(mask.Length, "The mask", nameof(mask));
        var (row, column) = spacing ?? new PixelSpacing(1, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(row, nameof(spacing));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(column, nameof(spacing));
        var area = mask.Length - mask.Count<byte>(0);
        return new MaskSizes(area * row * column, Diameter(Corners(mask, size, row, column)));
    }

    // The outer corners of each row's first and last pixel, in the order of x and then y: all others lie between them.
    private static (double X, double Y)[] Corners(ReadOnlySpan<byte> mask, ImageSize size, double row, double column)
    {
        var corners = new SortedSet<(double X, double Y)>();
        for (var y = 0; y < size.Height; y++)
        {
            var line = mask.Slice(y * size.Width, size.Width);
            if (line.IndexOfAnyExcept<byte>(0) is var first and >= 0)
            {
                var last = line.LastIndexOfAnyExcept<byte>(0) + 1;
                corners.UnionWith([(first * column, y * row), (first * column, (y + 1) * row), (last * column, y * row), (last * column, (y + 1) * row)]);
            }
        }

        return [.. corners];
    }

    private static double Diameter((double X, double Y)[] corners)
    {
        (double X, double Y)[] hull = [.. Chain(corners), .. Chain(Enumerable.Reverse(corners))];
        var largest = 0.0;
        for (var i = 0; i < hull.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                largest = Math.Max(largest, double.Hypot(hull[i].X - hull[j].X, hull[i].Y - hull[j].Y));
            }
        }

        return largest;
    }

    // Half of the convex hull of sorted points (Andrew's monotone chain).
    private static List<(double X, double Y)> Chain(IEnumerable<(double X, double Y)> points)
    {
        var chain = new List<(double X, double Y)>();
        foreach (var point in points)
        {
            while (chain.Count > 1 && Turn(chain[^2], chain[^1], point) <= 0)
            {
                chain.RemoveAt(chain.Count - 1);
            }

            chain.Add(point);
        }

        return chain;
    }

    private static double Turn((double X, double Y) a, (double X, double Y) b, (double X, double Y) c) =>
        ((b.X - a.X) * (c.Y - a.Y)) - ((b.Y - a.Y) * (c.X - a.X));
}
