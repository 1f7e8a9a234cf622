using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using AmbiSSL.MLNet.Data;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Interop;

/// <summary>
/// What transformers keep in a model file besides weights: JSON and its checksum. The compiler writes how it becomes JSON, since applications may switch off
/// the serializer's reflection.
/// </summary>
[JsonSerializable(typeof(SegmentationColumns))]
[JsonSerializable(typeof(AnnotationLoading))]
[JsonSerializable(typeof(ScoringSettings))]
internal sealed partial class StoredSettings : JsonSerializerContext
{
    /// <summary>Writes settings.</summary>
    public static void Save<T>(ModelSaveContext context, T settings, JsonTypeInfo<T> type)
    {
        var text = JsonSerializer.Serialize(settings, type);
        context.SaveNonEmptyString(text);
        context.SaveNonEmptyString(ModelArchive.Checksum(text));
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It does not match its checksum, or is not of this type.</exception>
    public static T Load<T>(IHostEnvironment environment, ModelLoadContext context, JsonTypeInfo<T> type)
    {
        var name = ModelArchive.NameOf(context);
        var text = context.LoadNonEmptyString();
        if (context.LoadNonEmptyString() != ModelArchive.Checksum(text))
        {
            throw environment.Process(new InvalidDataException($"{name} is damaged, or of another build: its settings do not match their checksum."));
        }

        try
        {
            return JsonSerializer.Deserialize(text, type) ?? throw new JsonException("There are none.");
        }
        catch (JsonException exception)
        {
            throw environment.Process(new InvalidDataException($"{name} is of another build: its settings cannot be read. {exception.Message}", exception));
        }
    }
}
