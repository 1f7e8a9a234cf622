using System.Text.Json;
using System.Text.Json.Serialization;

namespace AmbiSSL.Cli.Experiments;

/// <summary>Writes the scores of each image on a line of their own, so that a result file stays readable.</summary>
internal sealed class ImageFiguresConverter : JsonConverter<IReadOnlyList<ImageFigures>>
{
    private static readonly JsonSerializerOptions OneLine = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <inheritdoc/>
    public override IReadOnlyList<ImageFigures>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize<List<ImageFigures>>(ref reader, OneLine);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IReadOnlyList<ImageFigures> value, JsonSerializerOptions options) =>
        writer.WriteRawValue($"[\n    {string.Join(",\n    ", value.Select(image => JsonSerializer.Serialize(image, OneLine)))}\n  ]");
}
