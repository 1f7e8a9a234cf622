using System.Text.Json.Serialization;
using AmbiSSL.Torch.Imaging;

namespace AmbiSSL;

/// <summary>What all images of a data set, or of a model, have in common.</summary>
/// <param name="Shape">Their size, after preprocessing; any size where <see cref="Preprocessing.AnySize"/> is set.</param>
/// <param name="Source">The type of their pixels before preprocessing.</param>
/// <param name="Preprocessing">How they came to this size.</param>
public sealed record ImageFormat(ImageShape Shape, PixelType Source, Preprocessing Preprocessing)
{
    /// <summary>Of a model, the scale of intensities that it learned; null for a data set.</summary>
    public IntensityScale? Intensities { get; init; }

    /// <summary>The type of their pixels after preprocessing: resizing makes floating-point numbers.</summary>
    [JsonIgnore]
    public PixelType PixelType => Preprocessing.Resize is null ? Source : PixelType.Float32;

    /// <summary>What images have in common, of which the first has this shape after preprocessing.</summary>
    internal static ImageFormat Of(ImageShape first, PixelType source, Preprocessing preprocessing) =>
        new(preprocessing.AnySize ? first.WithAnySize() : first, source, preprocessing);

    /// <summary>Whether preprocessing brings an image of this shape to one of those that are meant.</summary>
    internal bool Takes(ImageShape image) => Preprocessing.Fit(image) is { } fitted && Shape.Includes(fitted);

    /// <summary>Brings an image to what the model of these sees: cropped or resized as they were, and its intensities on their scale.</summary>
    /// <param name="image">The image.</param>
    /// <param name="stored">The type in which it was stored before it was resized.</param>
    /// <returns>C·H·W values in [C, H, W] order.</returns>
    /// <exception cref="InvalidDataException">Its size or its intensities are not theirs; the message says what to do.</exception>
    internal float[] ToInput(ImagePixels image, PixelType stored)
    {
        if (!Takes(image.Shape))
        {
            throw new InvalidDataException($"The image is {image.Shape}, which '{Preprocessing}' does not bring to the model's {Shape}; give another size.");
        }

        if (IntensityCheck.OfType(this, stored) is { } type)
        {
            throw new InvalidDataException($"The image is of {stored.InWords()}; expected are {type.Expected}; {type.Remedy}.");
        }

        var pixels = Preprocessing.Apply(image);
        if (IntensityCheck.OfImage(this, stored, pixels.RangeOf(stored)) is { } fault)
        {
            throw new InvalidDataException($"The image's {fault.Problem}; {fault.Remedy}.");
        }

        var input = new float[pixels.Shape.Length];
        Intensities!.ToInput(pixels.Type, stored, pixels.Bytes, input);
        return input;
    }
}
