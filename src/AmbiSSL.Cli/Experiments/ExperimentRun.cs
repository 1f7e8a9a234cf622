using System.Globalization;

namespace AmbiSSL.Cli.Experiments;

/// <summary>One training and its evaluation: a method with its options on one fold with one seed.</summary>
internal sealed record ExperimentRun
{
    /// <summary>What tables call it: the method's word, or the name that a sweep gives.</summary>
    public required string Name { get; init; }

    /// <summary>The method and its options, seed and samples among them.</summary>
    public required SegmentationOptions Options { get; init; }

    /// <summary>Where and with what it runs.</summary>
    public RunOptions Run { get; init; } = new();

    /// <summary>Whose annotations are used.</summary>
    public required LabeledPart Labeled { get; init; }

    /// <summary>Number of folds.</summary>
    public required int Folds { get; init; }

    /// <summary>The fold that is held out, from 0.</summary>
    public required int Fold { get; init; }

    /// <summary>Share of the training subjects to evaluate on in place of the held-out fold; null for the held-out fold.</summary>
    public double? Validation { get; init; }

    /// <summary>How images become one size.</summary>
    public Preprocessing Preprocessing { get; init; } = Preprocessing.None;

    /// <summary>Seed of labelled subjects, training and samples, and of the folds where the data set names none.</summary>
    public int Seed => Options.Seed!.Value;

    /// <summary>What the figures tell about.</summary>
    public string Part => Validation is null ? FoldResult.TestPart : FoldResult.ValidationPart;

    /// <summary>Name of the result file.</summary>
    /// <param name="settings">Hash of the settings, or a pattern for it.</param>
    public string FileName(string settings)
    {
        var validation = Validation is null ? "" : "-validation";
        return string.Create(CultureInfo.InvariantCulture, $"{Name}-{settings}-l{Labeled.Label}-fold{Fold}-seed{Seed}{validation}.json");
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Name}, labelled {Labeled.Label}, fold {Fold} of {Folds}, seed {Seed}, {Part}");
}
