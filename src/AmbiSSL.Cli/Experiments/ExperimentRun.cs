using System.Globalization;
using System.Text.Json.Nodes;
using AmbiSSL.Cli.Arguments;
using AmbiSSL.Torch.Data;
using AmbiSSL.Torch.Methods;

namespace AmbiSSL.Cli.Experiments;

/// <summary>One training and its evaluation: a method with its options on one fold with one seed.</summary>
internal sealed record ExperimentRun
{
    private const int HashLength = 8;

    /// <summary>What tables call it: the method's word, or the name that a sweep gives.</summary>
    public required string Name { get; init; }

    /// <summary>The method and its options, seed and samples among them.</summary>
    public required SegmentationOptions Options { get; init; }

    /// <summary>Whose annotations are used.</summary>
    public required LabeledPart Labeled { get; init; }

    /// <summary>Number of folds.</summary>
    public required int Folds { get; init; }

    /// <summary>The fold that is held out, from 0.</summary>
    public required int Fold { get; init; }

    /// <summary>Share of the training subjects to evaluate on in place of the held-out fold; null for the held-out fold.</summary>
    public double? Validation { get; init; }

    /// <summary>How images become one size.</summary>
    public ImageReadOptions ReadOptions { get; init; } = new();

    /// <summary>Seed of labelled subjects, training and samples, and of the folds where the data set names none.</summary>
    public int Seed => Options.Seed!.Value;

    /// <summary>What the figures tell about.</summary>
    public string Part => Validation is null ? FoldResult.TestPart : FoldResult.ValidationPart;

    /// <summary>
    /// Short hash of all that differs from the defaults, and of the data set: the same over folds, seeds and labelled subjects. An option
    /// that is new, at its default, does not change it.
    /// </summary>
    /// <param name="fingerprint">Hash of the data set.</param>
    public string SettingsHash(string fingerprint)
    {
        var identity = new JsonObject
        {
            [MethodSettings.MethodKey] = Options.Method,
            ["settings"] = DifferenceFromDefault(),
            ["folds"] = Folds,
            ["validation"] = Validation,
            ["crop"] = ReadOptions.Crop?.ToString(),
            ["size"] = ReadOptions.Resize?.ToString(),
            ["data"] = fingerprint,
        };
        return ShortHash.Of(identity.ToJsonString(), HashLength);
    }

    /// <summary>Name of the result file.</summary>
    /// <param name="fingerprint">Hash of the data set.</param>
    public string FileName(string fingerprint)
    {
        var validation = Validation is null ? "" : "-validation";
        return string.Create(
            CultureInfo.InvariantCulture, $"{Name}-{SettingsHash(fingerprint)}-l{Labeled.Label}-fold{Fold}-seed{Seed}{validation}.json");
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Name}, labelled {Labeled.Label}, fold {Fold} of {Folds}, seed {Seed}, {Part}");

    private JsonObject DifferenceFromDefault()
    {
        var standard = MethodSettings.FromOptions((SegmentationOptions)Activator.CreateInstance(Options.GetType())!);
        return new JsonObject(MethodSettings.FromOptions(Options)
            .Where(member => member.Key != nameof(SegmentationOptions.Seed) && !JsonNode.DeepEquals(member.Value, standard[member.Key]))
            .OrderBy(member => member.Key, StringComparer.Ordinal)
            .Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
    }
}
