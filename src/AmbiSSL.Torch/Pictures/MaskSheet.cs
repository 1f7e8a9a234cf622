using AmbiSSL.Torch.Pictures;
using SkiaSharp;

namespace AmbiSSL;

/// <summary>
/// A picture of what a model sees and draws. A row for each image: the image, the experts' outlines on it, the sampled masks, the mean
/// probability and the uncertainty.
/// </summary>
public sealed class MaskSheet
{
    private const int Gap = 6;
    private const int WideGap = 18;
    private const int SmallestTile = 112;

    private static readonly SKColor SampleColor = new(0x4C, 0xC9, 0xF0);

    private readonly List<Row> _rows = [];
    private readonly int _samples;

    /// <summary>Makes an empty sheet.</summary>
    /// <param name="samples">Masks to show for each image. At least 1.</param>
    public MaskSheet(int samples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        _samples = samples;
    }

    /// <summary>Adds a row. Everything is copied.</summary>
    /// <param name="image">The image with the experts' masks, if any.</param>
    /// <param name="masks">At least as many masks as the sheet shows, [N, H, W] of 0 and 1.</param>
    /// <param name="probability">[H, W], 0 to 1.</param>
    /// <param name="uncertainty">[H, W], 0 to 1.</param>
    /// <exception cref="ArgumentException">A length does not fit the image.</exception>
    public void Add(AnnotatedImage image, byte[] masks, float[] probability, float[] uncertainty)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(masks);
        ArgumentNullException.ThrowIfNull(probability);
        ArgumentNullException.ThrowIfNull(uncertainty);
        RequireLength(masks.Length >= _samples * image.Shape.PixelCount, masks.Length, _samples * image.Shape.PixelCount, nameof(masks));
        RequireLength(probability.Length == image.Shape.PixelCount, probability.Length, image.Shape.PixelCount, nameof(probability));
        RequireLength(uncertainty.Length == image.Shape.PixelCount, uncertainty.Length, image.Shape.PixelCount, nameof(uncertainty));
        _rows.Add(new Row(image.Copy(), [.. masks], [.. probability], [.. uncertainty]));
    }

    /// <summary>Writes the sheet as a PNG file, under a temporary name first.</summary>
    /// <exception cref="InvalidOperationException">The sheet has no row.</exception>
    public void Save(string path) => AtomicFile.Write(path, WritePng);

    /// <summary>The sheet as an HTML element with the picture in it, for notebooks and pages.</summary>
    /// <exception cref="InvalidOperationException">The sheet has no row.</exception>
    public string ToHtml()
    {
        using var png = new MemoryStream();
        WritePng(png);
        return "<img alt=\"Rows: image, experts' outlines, samples, probability, uncertainty\" style=\"max-width:100%\" "
            + $"src=\"data:image/png;base64,{Convert.ToBase64String(png.GetBuffer(), 0, (int)png.Length)}\">";
    }

    /// <summary>Writes the sheet as a PNG to a stream, which stays open.</summary>
    /// <param name="stream">Receives the bytes of a file.</param>
    /// <exception cref="InvalidOperationException">The sheet has no row.</exception>
    public void WritePng(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (_rows.Count == 0)
        {
            throw new InvalidOperationException("The sheet has no row; add one before saving it.");
        }

        var scale = _rows.Max(row => (SmallestTile + row.Image.Shape.Width - 1) / row.Image.Shape.Width);
        var tileWidth = scale * _rows.Max(row => row.Image.Shape.Width);
        var tileHeight = scale * _rows.Max(row => row.Image.Shape.Height);
        var columns = _samples + 4;
        var width = (columns * (tileWidth + Gap)) - Gap + (2 * (WideGap - Gap)) + (2 * WideGap);
        var height = (_rows.Count * (tileHeight + Gap)) - Gap + (2 * WideGap);
        using var surface = SKSurface.Create(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        surface.Canvas.Clear(Outlines.Background);
        for (var r = 0; r < _rows.Count; r++)
        {
            Draw(surface.Canvas, _rows[r], scale, tileWidth + Gap, WideGap + (r * (tileHeight + Gap)));
        }

        using var image = surface.Snapshot();
        using var png = image.Encode(SKEncodedImageFormat.Png, 100);
        png.SaveTo(stream);
    }

    private static void RequireLength(bool fits, int actual, int expected, string name)
    {
        if (!fits)
        {
            throw new ArgumentException($"{name} has {actual} values; {expected} are needed.", name);
        }
    }

    private void Draw(SKCanvas canvas, Row row, int scale, int step, int top)
    {
        var shape = row.Image.Shape;
        var left = WideGap;
        using var picture = Raster.Of(row.Image.Pixels);
        using var probability = Raster.Of(row.Probability, shape.Size, ColorScale.Probability);
        using var uncertainty = Raster.Of(row.Uncertainty, shape.Size, ColorScale.Uncertainty);
        void Next(Action draw, bool closesGroup = false)
        {
            canvas.Save();
            canvas.Translate(left, top);
            canvas.Scale(scale);
            draw();
            canvas.Restore();
            left += step + (closesGroup ? WideGap - Gap : 0);
        }

        void Base() => canvas.DrawImage(picture, 0, 0);

        Next(Base);
        Next(
            () =>
            {
                Base();
                for (var a = 0; a < row.Image.Annotations.Count; a++)
                {
                    Outlines.Draw(canvas, row.Image.Annotations[a], shape, Outlines.Color(a), scale);
                }
            },
            closesGroup: true);
        for (var n = 0; n < _samples; n++)
        {
            var sample = n;
            Next(
                () =>
                {
                    Base();
                    var mask = row.Masks.AsSpan(sample * shape.PixelCount, shape.PixelCount);
                    Fill(canvas, mask, shape, SampleColor.WithAlpha(70));
                    Outlines.Draw(canvas, mask, shape, SampleColor, scale);
                },
                closesGroup: n == _samples - 1);
        }

        Next(() => canvas.DrawImage(probability, 0, 0));
        Next(() => canvas.DrawImage(uncertainty, 0, 0));
    }

    private static void Fill(SKCanvas canvas, ReadOnlySpan<byte> mask, ImageShape shape, SKColor color)
    {
        using var paint = new SKPaint { Color = color };
        for (var i = 0; i < mask.Length; i++)
        {
            if (mask[i] != 0)
            {
                canvas.DrawRect(i % shape.Width, i / shape.Width, 1, 1, paint);
            }
        }
    }

    private sealed record Row(AnnotatedImage Image, byte[] Masks, float[] Probability, float[] Uncertainty);
}
