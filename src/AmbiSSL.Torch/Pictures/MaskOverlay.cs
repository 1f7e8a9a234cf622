using System.Globalization;
using System.Security;
using System.Text;
using AmbiSSL.Torch.Imaging;
using AmbiSSL.Torch.Metrics;
using AmbiSSL.Torch.Pictures;
using SkiaSharp;

namespace AmbiSSL;

/// <summary>
/// An image in its own size with the contours of what a model drew for it: a thin blue line for each sampled mask, and a thick orange one around the
/// pixels whose mean probability is above one half. Lightness and width tell the two apart where colors do not. Of several classes both lines have
/// the color of the class, which the legend names, and where classes touch that of the first stays whole; the thick one is around what is the most
/// probable of background and the classes. Outlines with a promise are green, the inner one a line and the outer one dashes.
/// </summary>
/// <remarks>
/// Contours follow the edges of the model's pixels, wherever its crop or its new size put these on the image. Images below 512 pixels are
/// enlarged by a whole number, so that lines stay thin beside pixels.
/// </remarks>
public sealed class MaskOverlay
{
    // Widths in parts of the longer side.
    private const float Unit = 1 / 400f;
    private const float ThinWidth = 0.7f;
    private const float ThickWidth = 1.6f;
    private const float Rim = 2;
    private const float DashLength = 5;

    // Okabe and Ito's sky blue, orange and bluish green.
    private static readonly SKColor Thin = new(0x56, 0xB4, 0xE9);
    private static readonly SKColor Thick = new(0xE6, 0x9F, 0x00);
    private static readonly SKColor Promised = new(0x00, 0x9E, 0x73);
    private static readonly SKColor Dark = new(0, 0, 0, 0x70);

    private readonly ImagePixels _image;
    private readonly MaskSet _masks;
    private readonly float[] _probability;
    private readonly ConformalOutlines? _outlines;
    private readonly SKMatrix _placement;

    /// <summary>Checks that all fit together. Nothing is copied; the arrays must keep their values until the picture is written.</summary>
    /// <param name="image">The image as it was before the model cropped or resized it. It is shown from its darkest to its brightest value.</param>
    /// <param name="masks">The sampled masks, of K classes.</param>
    /// <param name="probability">The mean probability, [K, H, W] of the size of the masks, 0 to 1.</param>
    /// <param name="preprocessing">What the model did to the image (<c>model.Images.Preprocessing</c>); null for nothing.</param>
    /// <param name="outlines">Outlines that are drawn too (<c>model.Outlines</c>); null for none.</param>
    /// <exception cref="ArgumentException">The masks have not the size that the image has after the preprocessing, or the probability another.</exception>
    public MaskOverlay(ImagePixels image, MaskSet masks, float[] probability, Preprocessing? preprocessing = null, ConformalOutlines? outlines = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(masks);
        ArgumentNullException.ThrowIfNull(probability);
        (_image, _masks, _probability, _outlines) = (image, masks, probability, outlines);
        _placement = ImagePlacement.Of(image, masks.Size, preprocessing);
        var length = masks.Classes.Count * masks.Size.PixelCount;
        if (probability.Length != length)
        {
            throw new ArgumentException($"The probability has {probability.Length} values; masks of {masks.Size} pixels need {length}.", nameof(probability));
        }
    }

    /// <summary>Writes a PNG file, under a temporary name first.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    public void SavePng(string path) => AtomicFile.Write(path, WritePng);

    /// <summary>Writes a PNG to a stream, which stays open.</summary>
    /// <param name="stream">Receives the bytes of a file.</param>
    public void WritePng(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var (height, width) = (_image.Shape.Height, _image.Shape.Width);
        var scale = ImagePlacement.Enlargement(_image.Shape);
        using var surface = SKSurface.Create(new SKImageInfo(scale * width, scale * height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        surface.Canvas.Scale(scale);
        using (var image = Raster.Of(_image))
        {
            surface.Canvas.DrawImage(image, 0, 0);
        }

        foreach (var (path, color, lineWidth, dash) in Lines())
        {
            using (path)
            using (var paint = new SKPaint { Color = color, IsStroke = true, StrokeWidth = lineWidth, StrokeJoin = SKStrokeJoin.Round, IsAntialias = true })
            using (paint.PathEffect = dash > 0 ? SKPathEffect.CreateDash([dash, dash], 0) : null)
            {
                surface.Canvas.DrawPath(path, paint);
            }
        }

        DrawLegend(surface.Canvas, scale * width, scale * height, scale);
        using var picture = surface.Snapshot();
        using var png = picture.Encode(SKEncodedImageFormat.Png, 100);
        png.SaveTo(stream);
    }

    /// <summary>Writes an SVG file with the image in it, under a temporary name first. Its unit is a pixel of the image.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    public void SaveSvg(string path) => AtomicFile.Write(path, WriteSvg);

    /// <summary>Writes an SVG with the image in it to a stream, which stays open. Its unit is a pixel of the image.</summary>
    /// <param name="stream">Receives the bytes of a file.</param>
    public void WriteSvg(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var (height, width) = (_image.Shape.Height, _image.Shape.Width);
        var scale = ImagePlacement.Enlargement(_image.Shape);
        using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        void Line(FormattableString text) => writer.Write(text.ToString(CultureInfo.InvariantCulture) + "\n");
        var promise = _outlines is null ? "" : " Outlines with a promise: green, the outer one dashed.";
        using (var image = Raster.Of(_image))
        using (var png = image.Encode(SKEncodedImageFormat.Png, 100))
        {
            Line($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{scale * width}\" height=\"{scale * height}\" viewBox=\"0 0 {width} {height}\">");
            var pixels = Convert.ToBase64String(png.AsSpan());
            Line($"<title>Sampled masks: thin. Mean probability above one half: thick.{promise}</title>");
            Line($"<image width=\"{width}\" height=\"{height}\" style=\"image-rendering:pixelated\" href=\"data:image/png;base64,{pixels}\"/>");
        }

        Line($"<g fill=\"none\" stroke-linejoin=\"round\">");
        foreach (var (path, color, lineWidth, dash) in Lines())
        {
            using (path)
            {
                var dashes = dash > 0 ? FormattableString.Invariant($" stroke-dasharray=\"{dash:0.###}\"") : "";
                var stroke = FormattableString.Invariant($"stroke-opacity=\"{color.Alpha / 255.0:0.##}\" stroke-width=\"{lineWidth:0.###}\"");
                Line($"<path stroke=\"#{color.Red:X2}{color.Green:X2}{color.Blue:X2}\" {stroke}{dashes} d=\"{path.ToSvgPathData()}\"/>");
            }
        }

        Line($"</g>");
        for (var position = 0; position < _masks.Classes.Count && _masks.Classes.Count > 1; position++)
        {
            var (letter, color) = (Math.Max(height, width) / 28.0, ClassColors.Hexadecimal(position));
            var (x, y) = (letter / 2, letter * (position + 1.2));
            var name = SecurityElement.Escape(_masks.Classes.Names[position]);
            var font = FormattableString.Invariant($"font-family=\"sans-serif\" font-size=\"{letter:0.##}\"");
            var stroke = FormattableString.Invariant($"stroke=\"#000\" stroke-width=\"{letter / 6:0.##}\" paint-order=\"stroke\"");
            Line($"<text x=\"{x:0.##}\" y=\"{y:0.##}\" {font} {stroke} fill=\"{color}\">{name}</text>");
        }

        Line($"</svg>");
    }

    /// <summary>The contours in pixels of the image, in the order in which they are drawn; the caller disposes them.</summary>
    private IEnumerable<(SKPath Path, SKColor Color, float Width, float Dash)> Lines()
    {
        var unit = Unit * Math.Max(_image.Shape.Height, _image.Shape.Width);

        // The first class comes last, so that its line stays whole where classes touch.
        int[] positions = [.. Enumerable.Range(0, _masks.Classes.Count).Reverse()];
        foreach (var (isRim, width) in ((bool, float)[])[(true, ThinWidth + Rim), (false, ThinWidth)])
        {
            foreach (var position in positions)
            {
                for (var n = 0; n < _masks.Count; n++)
                {
                    yield return (Path(_masks.Plane(n, position)), isRim ? Dark : Color(position, Thin), unit * width, 0);
                }
            }
        }

        var mean = new byte[_probability.Length];
        ClassProbabilities.Harden(_masks.Classes, _probability, 0.5, mean);
        foreach (var isRim in (bool[])[true, false])
        {
            foreach (var position in positions)
            {
                var path = Path(mean.AsSpan(position * _masks.Size.PixelCount, _masks.Size.PixelCount));
                yield return isRim ? (path, Dark.WithAlpha(byte.MaxValue), unit * (ThickWidth + Rim), 0) : (path, Color(position, Thick), unit * ThickWidth, 0);
            }
        }

        if (_outlines is { } outlines)
        {
            var (inner, outer) = (new byte[_probability.Length], new byte[_probability.Length]);
            outlines.DrawInner(_probability, inner);
            outlines.DrawOuter(_probability, outer);
            foreach (var position in positions)
            {
                SKPath Own(byte[] mask) => Path(mask.AsSpan(position * _masks.Size.PixelCount, _masks.Size.PixelCount));
                yield return (Own(inner), Color(position, Promised), unit * ThickWidth, 0);
                yield return (Own(outer), Color(position, Promised), unit * ThickWidth, unit * DashLength);
            }
        }
    }

    private SKColor Color(int position, SKColor ofOne) => _masks.Classes.Count == 1 ? ofOne : ClassLegend.Color(position);

    // In the upper left corner, on a dark ground.
    private void DrawLegend(SKCanvas canvas, int width, int height, int scale)
    {
        var pixel = Math.Max(2, Math.Max(width, height) / 256);
        var legend = new ClassLegend(_masks.Classes, width - (4 * pixel), pixel);
        if (legend.Height > 0)
        {
            using var ground = new SKPaint { Color = Dark.WithAlpha(0xB0) };
            canvas.Scale(1f / scale);
            canvas.DrawRect(0, 0, width, legend.Height, ground);
            legend.Draw(canvas, 2 * pixel, 0);
        }
    }

    private SKPath Path(ReadOnlySpan<byte> mask)
    {
        var path = new SKPath();
        foreach (var corners in Contours.Trace(mask, _masks.Size))
        {
            path.AddPoly([.. corners.Select(corner => new SKPoint(corner.X, corner.Y))], close: true);
        }

        path.Transform(_placement);
        return path;
    }
}
