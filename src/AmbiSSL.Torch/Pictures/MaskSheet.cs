using AmbiSSL.Torch.Pictures;
using SkiaSharp;

namespace AmbiSSL;

/// <summary>
/// A picture of what a model sees and draws. A row for each image: the image, the experts' outlines on it, the sampled masks, the mean
/// probability and the uncertainty. Several classes have a color and a probability each, and their names below all rows.
/// </summary>
public sealed class MaskSheet
{
    private const int Gap = 6;
    private const int WideGap = 18;
    private const int SmallestTile = 112;

    private static readonly SKColor SampleColor = new(0x4C, 0xC9, 0xF0);

    private readonly List<Row> _rows = [];
    private readonly int _samples;

    private MaskClasses Classes => _rows[0].Masks.Classes;

    /// <summary>Makes an empty sheet.</summary>
    /// <param name="samples">Masks to show for each image. At least 1.</param>
    public MaskSheet(int samples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        _samples = samples;
    }

    /// <summary>Adds a row. Everything is copied.</summary>
    /// <param name="image">The image with the experts' masks, if any, and their classes K.</param>
    /// <param name="masks">At least as many masks as the sheet shows, [N, K, H, W] of 0 and 1.</param>
    /// <param name="probability">[K, H, W], 0 to 1.</param>
    /// <param name="uncertainty">[H, W], 0 to <see cref="MaskClasses.MostUncertainty"/> bits.</param>
    /// <exception cref="ArgumentException">A length does not fit the image, or the classes are not those of the rows above.</exception>
    public void Add(AnnotatedImage image, byte[] masks, float[] probability, float[] uncertainty)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(masks);
        ArgumentNullException.ThrowIfNull(probability);
        ArgumentNullException.ThrowIfNull(uncertainty);
        var (classes, pixels) = (image.Annotations.Classes, image.Shape.PixelCount);
        if (_rows.Count > 0 && classes != Classes)
        {
            throw new ArgumentException(
                $"Image '{image.Id}' has the classes {classes}, those above {Classes}; show images of other classes in another sheet.", nameof(image));
        }

        RequireLength(masks.Length >= _samples * classes.Count * pixels, masks.Length, _samples * classes.Count * pixels, nameof(masks));
        RequireLength(probability.Length == classes.Count * pixels, probability.Length, classes.Count * pixels, nameof(probability));
        RequireLength(uncertainty.Length == pixels, uncertainty.Length, pixels, nameof(uncertainty));
        byte[] shown = [.. masks.AsSpan(0, _samples * classes.Count * pixels)];
        _rows.Add(new Row(image.Copy(), new MaskSet(image.Shape.Size, shown, null, null, classes), [.. probability], [.. uncertainty]));
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
        var columns = _samples + Classes.Count + 3;
        var width = (columns * (tileWidth + Gap)) - Gap + (2 * (WideGap - Gap)) + (2 * WideGap);
        var legend = new ClassLegend(Classes, width - (2 * WideGap));
        var rows = (_rows.Count * (tileHeight + Gap)) - Gap;
        var height = rows + legend.Height + (2 * WideGap);
        using var surface = SKSurface.Create(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        surface.Canvas.Clear(Outlines.Background);
        for (var r = 0; r < _rows.Count; r++)
        {
            Draw(surface.Canvas, _rows[r], scale, tileWidth + Gap, WideGap + (r * (tileHeight + Gap)));
        }

        legend.Draw(surface.Canvas, WideGap, WideGap + rows);
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
        using var uncertainty = Raster.Of(row.Uncertainty, shape.Size, ColorScale.Uncertainty, Classes.MostUncertainty);
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
                    Outlines.Draw(canvas, row.Image.Annotations, a, Outlines.Color(a), scale);
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
                    Fill(canvas, row.Masks, sample);
                    Outlines.Draw(canvas, row.Masks, sample, SampleColor, scale);
                },
                closesGroup: n == _samples - 1);
        }

        for (var position = 0; position < Classes.Count; position++)
        {
            using var probability = Raster.Of(row.Probability.AsMemory(position * shape.PixelCount, shape.PixelCount), shape.Size, ColorScale.Probability);
            Next(() => canvas.DrawImage(probability, 0, 0));
        }

        Next(() => canvas.DrawImage(uncertainty, 0, 0));
    }

    private static void Fill(SKCanvas canvas, MaskSet masks, int index)
    {
        for (var position = 0; position < masks.Classes.Count; position++)
        {
            var mask = masks.Plane(index, position);
            using var paint = new SKPaint { Color = (masks.Classes.Count == 1 ? SampleColor : ClassLegend.Color(position)).WithAlpha(70) };
            for (var i = 0; i < mask.Length; i++)
            {
                if (mask[i] != 0)
                {
                    canvas.DrawRect(i % masks.Size.Width, i / masks.Size.Width, 1, 1, paint);
                }
            }
        }
    }

    private sealed record Row(AnnotatedImage Image, MaskSet Masks, float[] Probability, float[] Uncertainty);
}
