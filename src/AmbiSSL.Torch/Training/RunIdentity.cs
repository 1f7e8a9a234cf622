using System.Text.Json;
using System.Text.Json.Nodes;
using AmbiSSL.Torch.Models;

namespace AmbiSSL.Torch.Training;

/// <summary>What makes two runs the same: their options, as JSON, and their images.</summary>
/// <param name="Options">The options that decide the result, the seed among them.</param>
/// <param name="Images">The training images.</param>
/// <param name="Validation">The validation images; null without a validation set.</param>
/// <param name="From">The digest of the model that it starts from; empty where it starts from weights of the seed.</param>
internal sealed record RunIdentity(string Options, DataFingerprint Images, DataFingerprint? Validation, string From)
{
    public static RunIdentity Of(SegmentationOptions options, ImageCache images, ImageCache? validation, SegmentationModel? from) => new(
        JsonSerializer.Serialize(options, StoredJson.Default.SegmentationOptions),
        DataFingerprint.Of(images), validation is null ? null : DataFingerprint.Of(validation), from is null ? "" : from.Digest());

    /// <summary>The seed of a run that is read from a file.</summary>
    /// <exception cref="FormatException">Its options are not as this version writes them: a name is unknown or there twice, or there is no seed.</exception>
    public int Seed()
    {
        var options = JsonSerializer.Deserialize(Options, StoredJson.Default.SegmentationOptions);
        return options is { Seed: { } seed } && JsonSerializer.Serialize(options, StoredJson.Default.SegmentationOptions) == Options
            ? seed
            : throw new FormatException("Its options are not written as this version writes them.");
    }

    /// <summary>In what another run differs from this one, and how, in words; null where they are the same.</summary>
    public string? DifferenceFrom(RunIdentity other) =>
        OptionsDifference(JsonNode.Parse(Options), JsonNode.Parse(other.Options), "")
        ?? ImagesDifference(Images, other.Images, "training")
        ?? ImagesDifference(Validation, other.Validation, "validation")
        ?? (From == other.From ? null
            : other.From.Length == 0 ? "it started from weights of the seed"
            : "it started from another model, or now starts from none");

    private static string? OptionsDifference(JsonNode? own, JsonNode? other, string path)
    {
        if (own is not JsonObject ownOptions || other is not JsonObject otherOptions)
        {
            return JsonNode.DeepEquals(own, other) ? null : $"{path} was {Text(other)} and is {Text(own)}";
        }

        return ownOptions.Select(option => option.Key).Union(otherOptions.Select(option => option.Key))
            .Select(key => OptionsDifference(ownOptions[key], otherOptions[key], path.Length == 0 ? key : $"{path}.{key}"))
            .FirstOrDefault(difference => difference is not null);
    }

    private static string? ImagesDifference(DataFingerprint? own, DataFingerprint? other, string role)
    {
        if (own == other)
        {
            return null;
        }

        return own is not null && own.ToString() == other?.ToString()
            ? $"the {role} images were {other} as now, but with other values, other masks or in another order"
            : $"the {role} images were {other?.ToString() ?? "none"} and are {own?.ToString() ?? "none"}";
    }

    private static string Text(JsonNode? value) => value?.ToJsonString() ?? "not set";
}
