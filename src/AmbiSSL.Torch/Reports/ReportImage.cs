using AmbiSSL.Torch.Pictures;
using SkiaSharp;

namespace AmbiSSL.Torch.Reports;

/// <summary>An image of a report, its pictures encoded for the page: what is kept is a few kilobytes, not the pixels.</summary>
internal sealed class ReportImage
{
    public ReportImage(AnnotatedImage image, IReadOnlyList<SampledMasks> drawn, IReadOnlyList<ImageScores> scores, IReadOnlyList<ConformalOutlines?> outlines)
    {
        (Id, Subject, Size, Readers, Scores) = (image.Id, image.Subject, image.Shape.Size, image.Annotations.Readers, scores);
        var display = new DisplaySize(Size);
        Picture = Png(Raster.Of(Shown(image.Pixels, display)));
        Experts = Runs(image.Annotations.Values, display);
        Masks = [.. drawn.Select(model => Runs(model.Masks, display))];
        Outlines = [.. drawn.Zip(outlines, (model, own) => own is null ? [] : Runs(own, model.Probability, display))];
        Probabilities = [.. drawn.Select(model => model.Probability.Chunk(Size.PixelCount).Select(plane => Png(display, plane)).ToArray())];
    }

    public string Id { get; }

    public string Subject { get; }

    /// <summary>Size of the image; what is shown of it may be less.</summary>
    public ImageSize Size { get; }

    /// <summary>The image as PNG in base 64.</summary>
    public string Picture { get; }

    /// <summary>The experts' masks, each class of each as <see cref="MaskRuns"/>.</summary>
    public string[] Experts { get; }

    /// <summary>The experts' names; empty where nobody is known.</summary>
    public IReadOnlyList<string> Readers { get; }

    /// <summary>The scores of each model.</summary>
    public IReadOnlyList<ImageScores> Scores { get; }

    /// <summary>The samples of each model, each class of each as <see cref="MaskRuns"/>.</summary>
    public string[][] Masks { get; }

    /// <summary>
    /// The inner outlines of each model's classes and then the outer ones, as <see cref="MaskRuns"/>; empty of a model without, and where no model
    /// has any.
    /// </summary>
    public string[][] Outlines { get; }

    /// <summary>The probability maps of each model, one for each class, 255 for 1, as PNG in base 64.</summary>
    public string[][] Probabilities { get; }

    private static string[] Runs(byte[] masks, DisplaySize display)
    {
        var runs = new string[masks.Length / display.Size.PixelCount];
        for (var i = 0; i < runs.Length; i++)
        {
            runs[i] = MaskRuns.Encode(display.Of<byte>(masks.AsSpan(i * display.Size.PixelCount, display.Size.PixelCount)));
        }

        return runs;
    }

    private static string[] Runs(ConformalOutlines outlines, float[] probability, DisplaySize display)
    {
        var (inner, outer) = (new byte[probability.Length], new byte[probability.Length]);
        outlines.DrawInner(probability, inner);
        outlines.DrawOuter(probability, outer);
        return [.. Runs(inner, display), .. Runs(outer, display)];
    }

    private static string Png(DisplaySize display, float[] probability)
    {
        byte[] gray = [.. display.Of<float>(probability).Select(value => (byte)Math.Round(255 * value))];
        return Png(SKImage.FromPixelCopy(
            new SKImageInfo(display.Shown.Width, display.Shown.Height, SKColorType.Gray8, SKAlphaType.Opaque), gray, display.Shown.Width));
    }

    private static string Png(SKImage picture)
    {
        using (picture)
        using (var data = picture.Encode(SKEncodedImageFormat.Png, 100))
        {
            return Convert.ToBase64String(data.AsSpan());
        }
    }

    private static ImagePixels Shown(ImagePixels image, DisplaySize display)
    {
        var pixels = image.ToFloats();
        var shown = Enumerable.Range(0, image.Shape.Channels)
            .SelectMany(channel => display.Of<float>(pixels.AsSpan(channel * display.Size.PixelCount, display.Size.PixelCount)));
        return new ImagePixels(new ImageShape(image.Shape.Channels, display.Shown.Height, display.Shown.Width), shown.ToArray());
    }
}
