using System.Text.Json.Nodes;
using AmbiSSL.Cli.Arguments;

namespace AmbiSSL.Cli.Experiments;

/// <summary>
/// What makes runs comparable: every option of the method, whether its default or not, folds, how images are read, and the data set. Runs that
/// differ in fold, seed and labelled subjects alone have the same.
/// </summary>
internal static class SettingsIdentity
{
    private const int HashLength = 8;

    /// <summary>What matches every hash in a search pattern for files.</summary>
    public static string AnyHash { get; } = new('?', HashLength);

    /// <summary>The identity of a run.</summary>
    public static JsonObject Of(ExperimentRun run, string fingerprint) => Of(
        MethodSettings.FromOptions(run.Options), run.Folds, run.Validation, run.Preprocessing.Crop?.ToString(), run.Preprocessing.Resize?.ToString(), fingerprint);

    /// <summary>The identity of a result, that of the run that would do it today.</summary>
    public static JsonObject Of(FoldResult result) => Of(
        Complete(result.Settings) ?? result.Settings, result.Folds, result.Validation, result.Crop, result.Size, result.Data);

    /// <summary>Short hash of an identity.</summary>
    public static string Hash(JsonObject identity) => ShortHash.Of(identity.ToJsonString(), HashLength);

    /// <summary>
    /// Settings with every option; <see langword="null"/> where an option exists no longer.
    /// </summary>
    private static JsonObject? Complete(JsonObject settings)
    {
        try
        {
            return MethodSettings.FromOptions(MethodSettings.ToOptions(settings));
        }
        catch (UsageException)
        {
            return null;
        }
    }

    private static JsonObject Of(JsonObject settings, int folds, double? validation, string? crop, string? size, string data)
    {
        var members = settings.Where(member => member.Key is not (MethodSettings.MethodKey or nameof(SegmentationOptions.Seed)))
            .OrderBy(member => member.Key, StringComparer.Ordinal)
            .Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()));
        return new JsonObject
        {
            [MethodSettings.MethodKey] = settings[MethodSettings.MethodKey]?.DeepClone(),
            ["settings"] = new JsonObject(members),
            ["folds"] = folds,
            ["validation"] = validation,
            ["crop"] = crop,
            ["size"] = size,
            ["data"] = data,
        };
    }
}
