using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AmbiSSL.Cli.Output;
using CsvHelper.Configuration.Attributes;

namespace AmbiSSL.Experiments.Results;

/// <summary>A run, as a row of the table of runs: what was done, with what, and what came out.</summary>
internal sealed record RunRow
{
    private const int HashLength = 8;
    private const char AfterClass = '_';

    /// <summary>Number of the run in its tables, from 1.</summary>
    public int Run { get; init; } = 1;

    /// <summary>Runs that belong together, such as <c>methods</c>; empty until they are packed.</summary>
    public string Group { get; init; } = "";

    /// <summary>What tables call it: the method's word, or the name that a sweep gives.</summary>
    public required string Name { get; init; }

    /// <summary>The method's word.</summary>
    public required string Method { get; init; }

    /// <summary>
    /// Every option of the method but the seed as JSON, members in ordinal order. It is data: options may be named in it that exist no longer.
    /// </summary>
    public required string Settings { get; init; }

    /// <summary>Share of the training subjects that were taken out to evaluate on; null where the held-out fold was evaluated on.</summary>
    public required double? Validation { get; init; }

    /// <summary>Share of the training subjects whose annotations were used.</summary>
    public required double Labeled { get; init; }

    /// <summary>The fold that was held out.</summary>
    public required int Fold { get; init; }

    /// <summary>Number of folds.</summary>
    public required int Folds { get; init; }

    /// <summary>Seed of labeled subjects, training and samples.</summary>
    public required int Seed { get; init; }

    /// <summary>Masks drawn for each image.</summary>
    public required int Samples { get; init; }

    /// <summary>Size that was cut from the middle of the images; empty for none.</summary>
    public required string Crop { get; init; }

    /// <summary>Size that images were scaled to; empty for none.</summary>
    public required string Size { get; init; }

    /// <summary>Hash of the data set.</summary>
    public required string Data { get; init; }

    /// <summary>Images of the training part.</summary>
    public int TrainImages { get; init; }

    /// <summary>Subjects of the training part.</summary>
    public int TrainSubjects { get; init; }

    /// <summary>Training images whose annotations were used.</summary>
    public int LabeledImages { get; init; }

    /// <summary>Training subjects whose annotations were used.</summary>
    public int LabeledSubjects { get; init; }

    /// <summary>Images that were evaluated on.</summary>
    public int Images { get; init; }

    /// <summary>Subjects that were evaluated on.</summary>
    public int Subjects { get; init; }

    /// <summary>Every figure, its mean over images, as JSON; of masks of several classes those of each too, such as <c>core_ged</c>.</summary>
    public string Figures { get; init; } = "{}";

    /// <summary>Time of the training, reading the images included; of one that was interrupted, of its parts together.</summary>
    public double TrainingSeconds { get; init; }

    /// <summary>Time of drawing and scoring masks.</summary>
    public double EvaluationSeconds { get; init; }

    /// <summary>Optimization steps.</summary>
    public long Steps { get; init; }

    /// <summary>Number of weights.</summary>
    public long Parameters { get; init; }

    /// <summary>Most resident memory of the process during the run, since its last interruption, in bytes.</summary>
    public long PeakMemoryBytes { get; init; }

    /// <summary>Versions and machine, as JSON; nothing that names a user, a host or a path.</summary>
    public string Machine { get; init; } = "{}";

    /// <summary>When the run began, in universal time.</summary>
    [Format("yyyy-MM-dd'T'HH:mm:ss'Z'")]
    public DateTime Started { get; init; }

    /// <summary>What the figures tell about.</summary>
    [Ignore]
    public string Part => Validation is null ? "test" : "validation";

    /// <summary>
    /// How the samples were drawn: independently where the settings do not say, since there was no other way then; null where the method draws nothing.
    /// </summary>
    [Ignore]
    public CodeSampling? CodeSampling => Method is GlobalConfusionMatrixOptions.Word or PixelConfusionMatrixOptions.Word or OneMaskOptions.Word ? null
        : JsonNode.Parse(Settings)![nameof(CodeSampling)] is { } stored ? Enum.Parse<CodeSampling>(stored.GetValue<string>())
        : AmbiSSL.CodeSampling.Independent;

    /// <summary>What a row of a table is made of: runs that differ in fold, seed and labeled share alone.</summary>
    [Ignore]
    public (string Name, string Hash) Row => (Name, Hash);

    /// <summary>Short hash of all settings and of the data set, stable over processes and machines.</summary>
    [Ignore]
    public string Hash
    {
        get
        {
            var text = FormattableString.Invariant($"{Method}\n{Settings}\n{Folds}\n{Validation}\n{Crop}\n{Size}\n{Data}");
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashLength];
        }
    }

    /// <summary>Its own name among all runs, for files and messages.</summary>
    [Ignore]
    public string FullName => FormattableString.Invariant($"{Name}-{Hash}-l{Labeled}-fold{Fold}-seed{Seed}{(Validation is null ? "" : "-validation")}");

    /// <summary>The classes of its masks, where they have several.</summary>
    [Ignore]
    public IEnumerable<string> Classes => Values.Keys.Where(key => key.Contains(AfterClass)).Select(key => key[..key.LastIndexOf(AfterClass)]).Distinct();

    private Dictionary<string, double?> Values => JsonSerializer.Deserialize<Dictionary<string, double?>>(Figures)!;

    /// <summary>A figure's mean over images; NaN where the run has none.</summary>
    public double Mean(Figure figure) => Values.GetValueOrDefault(FigureName.Of(figure)) ?? double.NaN;

    /// <summary>The run with figures, and with those of each class.</summary>
    public RunRow WithFigures(AmbiguousSegmentationMetrics metrics, IReadOnlyList<Figure> figures)
    {
        var values = new JsonObject(figures.Select(figure => Value("", figure, metrics[figure])));
        foreach (var name in metrics.Classes.Count == 1 ? [] : metrics.Classes.Names)
        {
            figures.Select(figure => Value(name + AfterClass, figure, metrics.OfClass(name)[figure])).ToList().ForEach(values.Add);
        }

        return this with { Figures = values.ToJsonString() };

        static KeyValuePair<string, JsonNode?> Value(string before, Figure figure, ScoreAverage value) =>
            KeyValuePair.Create<string, JsonNode?>(before + FigureName.Of(figure), double.IsFinite(value.Mean) ? value.Mean : null);
    }

    /// <summary>The run with the figures of one of its classes alone.</summary>
    public RunRow OfClass(string name)
    {
        var before = name + AfterClass;
        var own = Values.Where(value => value.Key.StartsWith(before, StringComparison.Ordinal) && !value.Key[before.Length..].Contains(AfterClass));
        return this with { Figures = JsonSerializer.Serialize(own.ToDictionary(value => value.Key[before.Length..], value => value.Value)) };
    }
}
