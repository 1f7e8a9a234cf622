using AmbiSSL;

namespace Serving;

/// <summary>What <c>POST /masks</c> answers, as JSON.</summary>
/// <param name="Height">Rows of the model's images, and so of masks and maps.</param>
/// <param name="Width">Columns.</param>
/// <param name="Masks">The sampled masks: PNG of 0 and 255, in Base64.</param>
/// <param name="Probability">Their mean probability: PNG of 16 bits, where 65535 is 1, in Base64.</param>
/// <param name="Uncertainty">The entropy of that in bits: PNG of 16 bits, where 65535 is 1, in Base64.</param>
/// <param name="Overlay">The image with the contours of the masks: PNG in Base64.</param>
/// <param name="HeatMap">The uncertainty in colors, with a scale: PNG in Base64.</param>
public sealed record Answer(
    int Height, int Width, IReadOnlyList<byte[]> Masks, byte[] Probability, byte[] Uncertainty, byte[] Overlay, byte[] HeatMap)
{
    /// <summary>All that was drawn for an image.</summary>
    public static Answer Of(ImagePixels image, Prediction drawn, SegmentationModel model)
    {
        var size = model.Shape.Size;
        var masks = new MaskSet(size, drawn.Masks);
        return new Answer(
            size.Height,
            size.Width,
            [.. Enumerable.Range(0, masks.Count).Select(n => Png(stream => PngFile.WriteMask(stream, size, masks[n])))],
            Png(stream => PngFile.WriteMap(stream, size, drawn.Probability)),
            Png(stream => PngFile.WriteMap(stream, size, drawn.Uncertainty)),
            OverlayOf(image, drawn, model),
            HeatMapOf(image, drawn, model));
    }

    /// <summary>The picture of the contours alone.</summary>
    public static byte[] OverlayOf(ImagePixels image, Prediction drawn, SegmentationModel model) =>
        Png(new MaskOverlay(image, new MaskSet(model.Shape.Size, drawn.Masks), drawn.Probability, model.Images.Preprocessing).WritePng);

    /// <summary>The picture of the uncertainty alone.</summary>
    public static byte[] HeatMapOf(ImagePixels image, Prediction drawn, SegmentationModel model) =>
        Png(new HeatMap(image, drawn.Uncertainty, model.Shape.Size, model.Images.Preprocessing).WritePng);

    /// <summary>The bytes that a PNG writer writes.</summary>
    public static byte[] Png(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return stream.ToArray();
    }
}
