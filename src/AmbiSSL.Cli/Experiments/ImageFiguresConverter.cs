using System.Text.Json;
using System.Text.Json.Serialization;

namespace AmbiSSL.Cli.Experiments;

/// <summary>Writes an image's scores on a line of their own, so that a result file stays readable.</summary>
internal sealed class ImageFiguresConverter : JsonConverter<ImageFigures>
{
    private static readonly JsonSerializerOptions OneLine = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <inheritdoc/>
    public override ImageFigures? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize<ImageFigures>(ref reader, OneLine);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ImageFigures value, JsonSerializerOptions options) =>
        writer.WriteRawValue(JsonSerializer.SerializeToUtf8Bytes(value, OneLine));
}
