using SkiaSharp;

namespace AmbiSSL.Torch.Imaging;

/// <summary>Fills outlines.</summary>
internal static class OutlineFill
{
    /// <summary>Sets the pixels whose centers are inside of a polygon, by the even-odd rule.</summary>
    /// <param name="points">At least three, in pixels from the upper left corner on.</param>
    /// <param name="size">Size of the mask.</param>
    /// <param name="mask">H·W values in [H, W] order.</param>
    public static void Polygon(SKPoint[] points, ImageSize size, Span<byte> mask)
    {
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
}
