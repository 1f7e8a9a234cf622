using System.Text.Json;
using System.Text.Json.Serialization;

namespace AmbiSSL.Torch.Imaging;

/// <summary>What is read of a file that Label Studio exports as JSON; what else it holds is passed over.</summary>
internal static class LabelStudioFile
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is no JSON, or not of this format.</exception>
    public static IReadOnlyList<Task> Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(JsonText.Read(path, "File of outlines").Span, LabelStudioJson.Default.ListTask) is { } tasks
                && tasks.TrueForAll(IsWhole)
                ? tasks
                : throw new InvalidDataException($"'{path}' is no export of Label Studio: nothing in it that is read may be null.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException(
                $"'{path}' cannot be read as an export of Label Studio: {JsonText.Misfit(exception)}. Export it as JSON, not as JSON-MIN: a list of tasks, "
                + "each with \"data\" and \"annotations\".",
                exception);
        }
    }

    // The serializer takes null for whatever is no number.
    private static bool IsWhole(Task task) => task is { Data: not null, Annotations: not null }
        && task.Annotations.All(annotation => annotation?.Results?.All(result => result?.Type is not null) == true);

    /// <summary>An image and what annotators have drawn on it.</summary>
    internal sealed record Task
    {
        [JsonPropertyName("id")]
        public long Id { get; init; }

        [JsonPropertyName("data")]
        public required Dictionary<string, JsonElement> Data { get; init; }

        [JsonPropertyName("annotations")]
        public required IReadOnlyList<Annotation> Annotations { get; init; }
    }

    /// <summary>All that one annotator has drawn on an image.</summary>
    internal sealed record Annotation
    {
        [JsonPropertyName("completed_by")]
        public required JsonElement CompletedBy { get; init; }

        [JsonPropertyName("was_cancelled")]
        public bool WasCancelled { get; init; }

        [JsonPropertyName("result")]
        public required IReadOnlyList<Result> Results { get; init; }
    }

    /// <summary>A region, or a choice.</summary>
    internal sealed record Result
    {
        [JsonPropertyName("type")]
        public required string Type { get; init; }

        [JsonPropertyName("original_height")]
        public int Height { get; init; }

        [JsonPropertyName("original_width")]
        public int Width { get; init; }

        [JsonPropertyName("image_rotation")]
        public double Rotation { get; init; }

        [JsonPropertyName("value")]
        public JsonElement Value { get; init; }
    }
}
