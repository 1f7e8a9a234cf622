using AmbiSSL.Cli.Data;

namespace AmbiSSL.Experiments.Runs;

/// <summary>Who is trained on and who is evaluated on; no subject is in both.</summary>
/// <param name="Train">The subjects to train on.</param>
/// <param name="Labeled">Those of them whose annotations are used.</param>
/// <param name="Evaluation">The subjects to evaluate on: the held-out fold, or the validation subjects.</param>
internal sealed record FoldParts(IReadOnlySet<string> Train, IReadOnlySet<string> Labeled, IReadOnlySet<string> Evaluation)
{
    /// <summary>The parts of a run. It depends on the set of subjects and on the run alone.</summary>
    /// <exception cref="ArgumentException">The data set's folds do not fit, or there are too few subjects.</exception>
    public static FoldParts Of(IReadOnlyList<ImageRecord> records, ExperimentRun run)
    {
        var (train, evaluation) = DataSplit.HoldOut(records, run.Folds, run.Fold, run.Seed);
        if (run.Validation is { } share)
        {
            var split = SubjectSplit.TrainTest(train, share, run.Seed);
            (train, evaluation) = (split.Train, split.Test);
        }

        return new FoldParts(train, SubjectSplit.KeepLabeled(train, run.Labeled, run.Seed), evaluation);
    }
}
