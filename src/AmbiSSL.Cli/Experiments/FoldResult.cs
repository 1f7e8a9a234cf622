using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AmbiSSL.Cli.Experiments;

/// <summary>All that is known of a finished run: what was done, with what, and what came out.</summary>
internal sealed record FoldResult
{
    /// <summary>Version of the file format.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The figures are those of the held-out fold.</summary>
    public const string TestPart = "test";

    /// <summary>The figures are those of validation subjects; the held-out fold was not read.</summary>
    public const string ValidationPart = "validation";

    /// <summary>Version of the format of this file.</summary>
    public required int FormatVersion { get; init; }

    /// <summary>What tables call the run.</summary>
    public required string Name { get; init; }

    /// <summary>Hash of all settings and of the data set.</summary>
    public required string SettingsHash { get; init; }

    /// <summary>The method's word.</summary>
    public required string Method { get; init; }

    /// <summary>Every option of the method.</summary>
    public required JsonObject Settings { get; init; }

    /// <summary><see cref="TestPart"/> or <see cref="ValidationPart"/>.</summary>
    public required string Part { get; init; }

    /// <summary>Share of the training subjects that were taken out for validation; null where none were.</summary>
    public required double? Validation { get; init; }

    /// <summary>The labelled share as text, or the name of the list of subjects.</summary>
    public required string Labeled { get; init; }

    /// <summary>The labelled share; null where a list names the subjects.</summary>
    public required double? LabeledShare { get; init; }

    /// <summary>The fold that was held out, from 0.</summary>
    public required int Fold { get; init; }

    /// <summary>Number of folds.</summary>
    public required int Folds { get; init; }

    /// <summary>The seed.</summary>
    public required int Seed { get; init; }

    /// <summary>Masks drawn for each image.</summary>
    public required int Samples { get; init; }

    /// <summary>Size that was cut from the middle of the images; null for none.</summary>
    public required string? Crop { get; init; }

    /// <summary>Size that images were scaled to; null for none.</summary>
    public required string? Size { get; init; }

    /// <summary>Hash of the data set.</summary>
    public required string Data { get; init; }

    /// <summary>The training part.</summary>
    public required PartSize Train { get; init; }

    /// <summary>The part of it whose annotations were used.</summary>
    public required PartSize LabeledPart { get; init; }

    /// <summary>The part that the figures are of.</summary>
    public required PartSize Evaluation { get; init; }

    /// <summary>Every figure: mean and standard deviation over images.</summary>
    public required ScoreSummary Figures { get; init; }

    /// <summary>Time, steps and memory.</summary>
    public required RunCost Cost { get; init; }

    /// <summary>Versions and machine.</summary>
    public required RunMachine Machine { get; init; }

    /// <summary>When the run began, in universal time.</summary>
    public required DateTime Started { get; init; }

    /// <summary>The scores of each image.</summary>
    public required IReadOnlyList<ImageFigures> Images { get; init; }

    /// <summary>What a row of a table is made of: runs that differ in fold, seed and labelled subjects alone.</summary>
    [JsonIgnore]
    public (string Name, string SettingsHash) Row => (Name, SettingsHash);
}
