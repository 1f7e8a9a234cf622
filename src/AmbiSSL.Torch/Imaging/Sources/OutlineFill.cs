using SkiaSharp;

namespace AmbiSSL.Torch.Imaging;

/// <summary>Fills outlines.</summary>
internal static class OutlineFill
{
    /// <summary>Sets the pixels whose centers are inside of a polygon, by the even-odd rule.</summary>
    /// <param name="points">At least three, in pixels from the upper left corner on.</param>
    /// <param name="size">Size of the mask.</param>
    /// <param name="mask">H·W values in [H, W] order.</param>
    /// <exception cref="FormatException">The polygon lies outside of the image; the message says so, as the rest of a sentence.</exception>
    public static void Polygon(SKPoint[] points, ImageSize size, Span<byte> mask)
    {
        RequireInside(points, size);
        using var bitmap = new SKBitmap(new SKImageInfo(size.Width, size.Height, SKColorType.Gray8, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(bitmap);
        using var paint = new SKPaint { Color = SKColors.White, IsAntialias = false };
        using var path = new SKPath { FillType = SKPathFillType.EvenOdd };
        canvas.Clear(SKColors.Black);
        path.AddPoly(points);
        canvas.DrawPath(path, paint);
        canvas.Flush();
        for (var y = 0; y < size.Height; y++)
        {
            var row = bitmap.GetPixelSpan().Slice(y * bitmap.RowBytes, size.Width);
            for (var x = 0; x < size.Width; x++)
            {
                mask[(y * size.Width) + x] |= (byte)(row[x] == 0 ? 0 : 1);
            }
        }
    }

    /// <summary>How far a polygon reaches over the border of its image, in pixels; 0 where it does not.</summary>
    /// <param name="points">Its points, in pixels from the upper left corner on.</param>
    /// <param name="size">The image's size.</param>
    public static float Beyond(SKPoint[] points, ImageSize size)
    {
        var (left, top, right, bottom) = Bounds(points);
        return Math.Max(0, Math.Max(Math.Max(-left, -top), Math.Max(right - size.Width, bottom - size.Height)));
    }

    private static void RequireInside(SKPoint[] points, ImageSize size)
    {
        var (left, top, right, bottom) = Bounds(points);
        if (right < 0 || bottom < 0 || left > size.Width || top > size.Height)
        {
            throw new FormatException(
                FormattableString.Invariant($"has a polygon outside of its image of {size} pixels (height x width): its columns are {left:G5} to {right:G5}, ")
                + FormattableString.Invariant($"its rows {top:G5} to {bottom:G5}. It may be of another image, or of this one in another size; export ")
                + "the outlines for the images that are read");
        }
    }

    private static (float Left, float Top, float Right, float Bottom) Bounds(SKPoint[] points) =>
        (points.Min(point => point.X), points.Min(point => point.Y), points.Max(point => point.X), points.Max(point => point.Y));
}
