using System.Globalization;
using SkiaSharp;

namespace AmbiSSL.Torch.Pictures;

/// <summary>
/// A picture of some images, numbered from 1: five in a row, each with the same image below it that has the outlines of its masks: of one class in
/// the colors of readers, of several in those of the classes.
/// </summary>
internal static class ContactSheet
{
    private const int Columns = 5;
    private const int Tile = 256;
    private const int Gap = 6;
    private const int WideGap = 18;
    private const int DigitPixel = 4;

    private static readonly SKColor DigitColor = new(0xF2, 0xF2, 0xF2);

    /// <summary>Writes the sheet as a PNG file, under a temporary name first.</summary>
    /// <param name="path">The file.</param>
    /// <param name="images">At least one.</param>
    /// <param name="readers">Names in the order of the colors; masks without a reader have the colors in turn.</param>
    public static void Save(string path, IReadOnlyList<AnnotatedImage> images, IReadOnlyList<string> readers)
    {
        var columns = Math.Min(Columns, images.Count);
        var rows = (images.Count + Columns - 1) / Columns;
        var rowHeight = (2 * Tile) + Gap + WideGap;
        var width = (columns * (Tile + Gap)) - Gap + (2 * WideGap);
        var legend = new ClassLegend(images[0].Annotations.Classes, width - (2 * WideGap));
        using var surface = SKSurface.Create(new SKImageInfo(width, (rows * rowHeight) + legend.Height + WideGap, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var canvas = surface.Canvas;
        canvas.Clear(Outlines.Background);
        for (var i = 0; i < images.Count; i++)
        {
            canvas.Save();
            canvas.Translate(WideGap + (i % Columns * (Tile + Gap)), WideGap + (i / Columns * rowHeight));
            Draw(canvas, images[i], readers);
            Number(canvas, i + 1);
            canvas.Restore();
        }

        legend.Draw(canvas, WideGap, rows * rowHeight);
        using var image = surface.Snapshot();
        using var png = image.Encode(SKEncodedImageFormat.Png, 100);
        AtomicFile.Write(path, png.SaveTo);
    }

    private static void Draw(SKCanvas canvas, AnnotatedImage image, IReadOnlyList<string> readers)
    {
        var shape = image.Shape;
        var scale = (float)Tile / Math.Max(shape.Height, shape.Width);
        using var picture = Raster.Of(image.Pixels);
        using var paint = new SKPaint { FilterQuality = scale < 1 ? SKFilterQuality.Medium : SKFilterQuality.None };
        for (var tile = 0; tile < 2; tile++)
        {
            canvas.Save();
            canvas.Translate((Tile - (scale * shape.Width)) / 2, (tile * (Tile + Gap)) + ((Tile - (scale * shape.Height)) / 2));
            canvas.Scale(scale);
            canvas.DrawImage(picture, 0, 0, paint);
            for (var mask = 0; tile == 1 && mask < image.Annotations.Count; mask++)
            {
                var reader = image.Annotations.Readers.Count > 0 ? Position(readers, image.Annotations.Readers[mask]) : mask;
                Outlines.Draw(canvas, image.Annotations, mask, Outlines.Color(reader), scale);
            }

            canvas.Restore();
        }
    }

    private static int Position(IReadOnlyList<string> readers, string reader)
    {
        var position = 0;
        while (readers[position] != reader)
        {
            position++;
        }

        return position;
    }

    private static void Number(SKCanvas canvas, int number)
    {
        using var paint = new SKPaint { Color = DigitColor };
        using var shade = new SKPaint { Color = Outlines.Background.WithAlpha(0xB0) };
        var digits = number.ToString(CultureInfo.InvariantCulture);
        canvas.DrawRect(0, 0, ((digits.Length * PixelFont.Advance) + 1) * DigitPixel, (PixelFont.Height + 2) * DigitPixel, shade);
        PixelFont.Draw(canvas, digits, DigitPixel, DigitPixel, DigitPixel, paint);
    }
}
