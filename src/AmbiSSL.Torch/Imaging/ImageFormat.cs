using System.Text.Json.Serialization;

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
}
