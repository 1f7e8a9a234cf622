using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AmbiSSL.Cli.Experiments;

/// <summary>Writes the figures of a set of images, each with mean, deviation and count; one that is computed over images as a number.</summary>
internal sealed class FiguresConverter : JsonConverter<ScoreSummary>
{
    private const string Count = "count";

    /// <inheritdoc/>
    public override ScoreSummary Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var json = JsonNode.Parse(ref reader) as JsonObject ?? throw new JsonException("its figures are no object.");
        var count = json[Count].Deserialize<int>(options);
        return new ScoreSummary(count, Figure.All.Select(figure => KeyValuePair.Create(figure, Average(json, figure, count, options))));
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ScoreSummary value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteNumber(Count, value.Count);
        foreach (var figure in Figure.All)
        {
            writer.WritePropertyName(Key(figure));
            JsonSerializer.Serialize(writer, Figure.PerImage.Contains(figure) ? value[figure] : (object)value[figure].Mean, options);
        }

        writer.WriteEndObject();
    }

    private static string Key(Figure figure) => JsonNamingPolicy.CamelCase.ConvertName(figure.Name);

    private static ScoreAverage Average(JsonObject json, Figure figure, int count, JsonSerializerOptions options)
    {
        var average = json[Key(figure)] ?? throw new JsonException($"it has no figure '{Key(figure)}'.");
        return average is JsonObject ? average.Deserialize<ScoreAverage>(options) : new ScoreAverage(average.Deserialize<double>(options), double.NaN, count);
    }
}
