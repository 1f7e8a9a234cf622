using AmbiSSL.Cli.Experiments;

namespace AmbiSSL.Cli.Tests.Experiments;

/// <summary>Results made by hand.</summary>
internal static class HandMade
{
    public static FoldResult Result(
        double ged,
        int fold = 0,
        int seed = 1,
        double labeled = 0.1,
        string name = "ambissl",
        string method = "ambissl",
        string part = FoldResult.TestPart,
        string settingsHash = "00000000",
        IReadOnlyList<ImageFigures>? images = null) => new()
        {
            FormatVersion = FoldResult.CurrentFormat,
            Name = name,
            SettingsHash = settingsHash,
            Method = method,
            Settings = [],
            Part = part,
            Validation = null,
            Labeled = FormattableString.Invariant($"{labeled}"),
            LabeledShare = labeled,
            Fold = fold,
            Folds = 4,
            Seed = seed,
            Samples = 10,
            Crop = null,
            Size = null,
            Data = "data",
            Train = new PartSize(30, 15),
            LabeledPart = new PartSize(4, 2),
            Evaluation = new PartSize(10, 5),
            Figures = Summary(ged),
            Cost = new RunCost { TrainingSeconds = 90, EvaluationSeconds = 1, Steps = 100, Parameters = 10, PeakMemoryBytes = (300L << 20) + seed },
            Machine = new RunMachine
            {
                Package = "", TorchSharp = "", DotNet = "", OperatingSystem = "", Processor = "", ProcessorCount = 1, Threads = 1, Device = "cpu",
            },
            Started = DateTime.UnixEpoch,
            Images = images ?? [],
        };

    public static ImageFigures Image(string id, string subject, double ged) => new()
    {
        Id = id, Subject = subject, Ged = ged, DiceSoft = 1 - ged, DiceMax = 1, DiceMatch = 1, SampleDiversity = 0, ExpertDiversity = 0,
    };

    private static ScoreSummary Summary(double ged) => new(10, new Dictionary<Figure, ScoreAverage>
    {
        [Figure.Ged] = new(ged, 0, 10),
        [Figure.DiceSoft] = new(0.875, 0, 10),
        [Figure.DiceMax] = new(0.9, 0, 10),
        [Figure.DiceMatch] = new(0.89, 0, 10),
    });
}
