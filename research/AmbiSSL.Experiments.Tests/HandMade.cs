using AmbiSSL.Experiments.Results;

namespace AmbiSSL.Experiments.Tests;

/// <summary>Results made by hand.</summary>
internal static class HandMade
{
    public static RunRow Run(
        double ged = 0.1,
        int fold = 0,
        int seed = 1,
        double labeled = 0.1,
        string name = "ambissl",
        double? validation = null,
        string settings = "{}",
        int run = 1) => new()
        {
            Run = run,
            Name = name,
            Method = "ambissl",
            Settings = settings,
            Validation = validation,
            Labeled = labeled,
            Fold = fold,
            Folds = 4,
            Seed = seed,
            Samples = 10,
            Crop = "",
            Size = "",
            Data = "data",
            Figures = FormattableString.Invariant($$"""{"ged":{{ged}},"diceSoft":0.875,"diceMax":0.9,"diceMatch":0.89,"brier":null}"""),
            TrainingSeconds = 90,
            Steps = 100,
            PeakMemoryBytes = (300L << 20) + seed,
        };

    public static ScoreRow Score(int run, int subject, int image, double ged) =>
        new(run, subject, image, new Dictionary<string, double> { ["ged"] = ged, ["diceSoft"] = 1 - ged });
}
