using System.Text.Json.Serialization;

namespace AmbiSSL;

/// <summary>What all images of a data set, or of a model, have in common.</summary>
/// <param name="Shape">Their size, after preprocessing.</param>
/// <param name="Source">The type of their pixels before preprocessing.</param>
/// <param name="Preprocessing">How they came to this size.</param>
public sealed record ImageFormat(ImageShape Shape, PixelType Source, Preprocessing Preprocessing)
{
    /// <summary>Of a model, the scale of intensities that it learned; null for a data set.</summary>
    public IntensityScale? Intensities { get; init; }

    /// <summary>The type of their pixels after preprocessing: resizing makes floating-point numbers.</summary>
    [JsonIgnore]
    public PixelType PixelType => Preprocessing.Resize is null ? Source : PixelType.Float32;
}
