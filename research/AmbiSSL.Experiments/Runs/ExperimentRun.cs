using System.Text.Json.Nodes;
using AmbiSSL.Cli.Arguments;
using AmbiSSL.Experiments.Results;

namespace AmbiSSL.Experiments.Runs;

/// <summary>One training and its evaluation: a method with its options on one fold with one seed.</summary>
internal sealed record ExperimentRun
{
    private const int SeedsApart = 1000;

    /// <summary>What tables call it: the method's word, or the name that a sweep gives.</summary>
    public required string Name { get; init; }

    /// <summary>Networks that are trained on the same images, and evaluated as one ensemble where they are several.</summary>
    public int Members { get; init; } = 1;

    /// <summary>The method and its options, seed and samples among them.</summary>
    public required SegmentationOptions Options { get; init; }

    /// <summary>Share of the training subjects whose annotations are used.</summary>
    public required double Labeled { get; init; }

    /// <summary>Number of folds.</summary>
    public required int Folds { get; init; }

    /// <summary>The fold that is held out.</summary>
    public required int Fold { get; init; }

    /// <summary>Share of the training subjects to evaluate on in place of the held-out fold; null for the held-out fold.</summary>
    public double? Validation { get; init; }

    /// <summary>Where tensors are computed.</summary>
    public ComputeDevice Device { get; init; }

    /// <summary>How images become one size.</summary>
    public Preprocessing Preprocessing { get; init; } = Preprocessing.None;

    /// <summary>Seed of labeled subjects, training and samples, and of the folds where the data set names none.</summary>
    public int Seed => Options.Seed!.Value;

    /// <summary>Options of one of the networks, counted from 0: the first has the run's seed, each other one 1000 more than the one before it.</summary>
    public SegmentationOptions OfMember(int member) => Options with { Seed = unchecked(Seed + (member * SeedsApart)) };

    /// <summary>Its row in the table of runs before it is done.</summary>
    /// <param name="data">Hash of the data set.</param>
    public RunRow Row(string data) => new()
    {
        Name = Name,
        Method = Options.MethodName,
        Settings = Settings(),
        Validation = Validation,
        Labeled = Labeled,
        Fold = Fold,
        Folds = Folds,
        Seed = Seed,
        Samples = Members * Options.Samples,
        Crop = Preprocessing.Crop?.ToString() ?? "",
        Size = Preprocessing.Resize?.ToString() ?? "",
        Data = data,
    };

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"{Name}, labeled {Labeled}, fold {Fold} of {Folds}, seed {Seed}{(Validation is null ? "" : ", validation")}");

    private string Settings()
    {
        var members = MethodSettings.FromOptions(Options)
            .Where(member => member.Key is not (MethodSettings.MethodKey or nameof(SegmentationOptions.Seed)))
            .OrderBy(member => member.Key, StringComparer.Ordinal)
            .Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()));
        var settings = new JsonObject(members);
        if (Members > 1)
        {
            settings[nameof(Members)] = Members;
        }

        return settings.ToJsonString();
    }
}
