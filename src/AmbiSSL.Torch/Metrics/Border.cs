namespace AmbiSSL.Torch.Metrics;

/// <summary>The border of a mask: foreground pixels with a side at the background or at the end of the image.</summary>
/// <remarks>
/// As MONAI's <c>get_mask_edges</c>, which takes away what <c>scipy.ndimage.binary_erosion</c> leaves. Points are centers of pixels.
/// </remarks>
internal sealed class Border
{
    private readonly int[] _pixels;
    private readonly ImageSize _size;

    /// <param name="mask">[H, W], where nonzero is foreground.</param>
    /// <param name="size">Height and width.</param>
    public Border(byte[] mask, ImageSize size)
    {
        _size = size;
        _pixels = [.. Enumerable.Range(0, mask.Length).Where(pixel => mask[pixel] != 0 && HasOpenSide(mask, size, pixel))];
    }

    /// <summary>Whether there is none, as the mask is empty.</summary>
    public bool IsEmpty => _pixels.Length == 0;

    /// <summary>The distance of each pixel of this border to the nearest one of another, in rising order.</summary>
    /// <param name="other">The border of a mask of the same size, not empty.</param>
    /// <param name="spacing">Distances of rows and of columns.</param>
    public double[] DistancesTo(Border other, PixelSpacing spacing)
    {
        var inColumn = other.DistancesInColumns(spacing.Row);
        var distances = Array.ConvertAll(_pixels, pixel =>
        {
            var (y, x) = Math.DivRem(pixel, _size.Width);
            var squared = double.PositiveInfinity;
            for (var column = 0; column < _size.Width; column++)
            {
                var (across, along) = ((column - x) * spacing.Column, inColumn[(y * _size.Width) + column]);
                squared = Math.Min(squared, (across * across) + (along * along));
            }

            return Math.Sqrt(squared);
        });
        Array.Sort(distances);
        return distances;
    }

    // For each pixel of the image the distance to the nearest border pixel of its column.
    private double[] DistancesInColumns(double row)
    {
        var distances = new double[_size.PixelCount];
        Array.Fill(distances, double.PositiveInfinity);
        Array.ForEach(_pixels, pixel => distances[pixel] = 0);
        for (var pixel = _size.Width; pixel < distances.Length; pixel++)
        {
            distances[pixel] = Math.Min(distances[pixel], distances[pixel - _size.Width] + row);
        }

        for (var pixel = distances.Length - _size.Width - 1; pixel >= 0; pixel--)
        {
            distances[pixel] = Math.Min(distances[pixel], distances[pixel + _size.Width] + row);
        }

        return distances;
    }

    private static bool HasOpenSide(byte[] mask, ImageSize size, int pixel)
    {
        var (y, x) = Math.DivRem(pixel, size.Width);
        return y == 0 || x == 0 || y == size.Height - 1 || x == size.Width - 1
            || mask[pixel - 1] == 0 || mask[pixel + 1] == 0 || mask[pixel - size.Width] == 0 || mask[pixel + size.Width] == 0;
    }
}
