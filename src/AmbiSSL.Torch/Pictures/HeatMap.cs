using System.Globalization;
using AmbiSSL.Torch.Pictures;
using SkiaSharp;

namespace AmbiSSL;

/// <summary>
/// A map of uncertainty in colors from dark for 0 to bright for its largest value, in its place on the image, with a scale beside it. The order of the colors
/// shows in their lightness too, to color-blind eyes and in print.
/// </summary>
/// <remarks>Where the model's crop left something out, the image is shown. Images below 512 pixels are enlarged by a whole number.</remarks>
public sealed class HeatMap
{
    // Of the bar and the figures beside it, in parts of the longer side.
    private const float Unit = 1 / 100f;

    private static readonly SKColor Background = new(0x14, 0x16, 0x1A);
    private static readonly SKColor Foreground = new(0xF2, 0xF2, 0xF2);

    private readonly ImagePixels _image;
    private readonly float[] _uncertainty;
    private readonly ImageSize _size;
    private readonly SKMatrix _placement;
    private readonly double _largest;

    /// <summary>Checks that all fit together. Nothing is copied; the arrays must keep their values until the picture is written.</summary>
    /// <param name="image">The image as it was before the model cropped or resized it.</param>
    /// <param name="uncertainty">The map, [H, W], in bits: 0 to <see cref="MaskClasses.MostUncertainty"/>.</param>
    /// <param name="size">Height H and width W of the map.</param>
    /// <param name="preprocessing">What the model did to the image (<c>model.Images.Preprocessing</c>); null for nothing.</param>
    /// <param name="classes">The classes of the masks; null for one.</param>
    /// <exception cref="ArgumentException">The map has not the size that the image has after the preprocessing.</exception>
    public HeatMap(ImagePixels image, float[] uncertainty, ImageSize size, Preprocessing? preprocessing = null, MaskClasses? classes = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(uncertainty);
        size.RequireValues(uncertainty.Length, "The map", nameof(uncertainty));
        (_image, _uncertainty, _size, _largest) = (image, uncertainty, size, (classes ?? MaskClasses.One).MostUncertainty);
        _placement = ImagePlacement.Of(image, size, preprocessing);
    }

    /// <summary>Writes a PNG file, under a temporary name first.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    public void SavePng(string path) => AtomicFile.Write(path, WritePng);

    /// <summary>Writes a PNG to a stream, which stays open.</summary>
    /// <param name="stream">Receives the bytes of a file.</param>
    public void WritePng(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var scale = ImagePlacement.Enlargement(_image.Shape);
        var (height, width) = (scale * _image.Shape.Height, scale * _image.Shape.Width);
        var unit = Math.Max(height, width) * Unit;
        using var surface = SKSurface.Create(new SKImageInfo(width + (int)(16 * unit), height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var canvas = surface.Canvas;
        canvas.Clear(Background);
        canvas.Save();
        canvas.Scale(scale);
        using (var image = Raster.Of(_image))
        using (var map = Raster.Of(_uncertainty, _size, ColorScale.Uncertainty, _largest))
        {
            canvas.DrawImage(image, 0, 0);
            var placement = _placement;
            canvas.Concat(ref placement);
            canvas.DrawImage(map, 0, 0);
        }

        canvas.Restore();
        DrawScale(canvas, new SKRect(width + (3 * unit), 4 * unit, width + (7 * unit), height - (4 * unit)), unit);
        using var picture = surface.Snapshot();
        using var png = picture.Encode(SKEncodedImageFormat.Png, 100);
        png.SaveTo(stream);
    }

    private void DrawScale(SKCanvas canvas, SKRect bar, float unit)
    {
        using var paint = new SKPaint();
        for (var y = bar.Top; y < bar.Bottom; y++)
        {
            paint.Color = ColorScale.Uncertainty[(bar.Bottom - y) / bar.Height];
            canvas.DrawRect(bar.Left, y, bar.Width, 1, paint);
        }

        paint.Color = Foreground;
        foreach (var part in (float[])[0, 0.5f, 1])
        {
            var y = bar.Bottom - (part * bar.Height);
            canvas.DrawRect(bar.Right, y - (unit / 8), unit, unit / 4, paint);
            var value = (part * _largest).ToString("0.##", CultureInfo.InvariantCulture);
            PixelFont.Draw(canvas, value, bar.Right + (2 * unit), y - (1.25f * unit), unit / 2, paint);
        }
    }
}
