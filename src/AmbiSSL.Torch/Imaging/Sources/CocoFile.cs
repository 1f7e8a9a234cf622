using System.Text.Json;
using System.Text.Json.Serialization;

namespace AmbiSSL.Torch.Imaging;

/// <summary>What is read of a file of annotations in COCO's format; what else it holds is passed over.</summary>
internal sealed class CocoFile
{
    [JsonPropertyName("images")]
    public IReadOnlyList<Image>? Images { get; init; }

    [JsonPropertyName("annotations")]
    public IReadOnlyList<Annotation>? Annotations { get; init; }

    [JsonPropertyName("categories")]
    public IReadOnlyList<Category> Categories { get; set; } = [];

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is no JSON, or not of this format.</exception>
    public static CocoFile Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(JsonText.Read(path, "File of outlines").Span, CocoJson.Default.CocoFile) is { } file && file.IsWhole()
                ? file
                : throw new InvalidDataException(
                    $"'{path}' is no file of COCO annotations: it must hold one object with the lists \"images\" and "
                    + "\"annotations\", and nothing in it that is read may be null.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException(
                $"'{path}' cannot be read as COCO annotations: {JsonText.Misfit(exception)}. It must hold one object with the lists \"images\", whose ids, "
                + "heights and widths are whole numbers, and \"annotations\".",
                exception);
        }
    }

    // The serializer takes null for whatever is no number.
    private bool IsWhole() => Images?.All(image => image?.FileName is not null) == true && Annotations?.All(annotation => annotation is not null) == true
        && Categories?.All(category => category?.Name is not null) == true;

    /// <summary>An image and where it is.</summary>
    internal sealed record Image
    {
        [JsonPropertyName("id")]
        public required long Id { get; init; }

        [JsonPropertyName("file_name")]
        public required string FileName { get; init; }

        [JsonPropertyName("height")]
        public required int Height { get; init; }

        [JsonPropertyName("width")]
        public required int Width { get; init; }

        /// <summary>The patient, an entry of ours: a name or a number.</summary>
        [JsonPropertyName("subject")]
        public JsonElement Subject { get; init; }
    }

    /// <summary>An outlined object of an image.</summary>
    internal sealed record Annotation
    {
        [JsonPropertyName("id")]
        public long Id { get; init; }

        [JsonPropertyName("image_id")]
        public required long ImageId { get; init; }

        [JsonPropertyName("category_id")]
        public long CategoryId { get; init; }

        [JsonPropertyName("segmentation")]
        public JsonElement Segmentation { get; init; }

        /// <summary>Who drew it, an entry that tools for several annotators add.</summary>
        [JsonPropertyName("annotator")]
        public JsonElement Annotator { get; init; }
    }

    /// <summary>A kind of object.</summary>
    internal sealed record Category
    {
        [JsonPropertyName("id")]
        public required long Id { get; init; }

        [JsonPropertyName("name")]
        public required string Name { get; init; }
    }
}
