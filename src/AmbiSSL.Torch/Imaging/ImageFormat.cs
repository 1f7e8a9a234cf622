using System.Text.Json.Serialization;

namespace AmbiSSL;

/// <summary>What all images of a data set, or of a model, have in common.</summary>
/// <param name="Shape">Their size, after preprocessing.</param>
/// <param name="Source">The type of their pixels before preprocessing, which says the scale of their intensities.</param>
/// <param name="Preprocessing">How they came to this size.</param>
public sealed record ImageFormat(ImageShape Shape, PixelType Source, Preprocessing Preprocessing)
{
    /// <summary>The type of their pixels after preprocessing: resizing makes floating-point numbers.</summary>
    [JsonIgnore]
    public PixelType PixelType => Preprocessing.Resize is null ? Source : PixelType.Float32;
}
