using AmbiSSL.Cli.Data;

namespace AmbiSSL.Cli.Experiments;

/// <summary>Who is trained on and who is evaluated on; no subject is in both.</summary>
/// <param name="Train">The subjects to train on.</param>
/// <param name="Labeled">Those of them whose annotations are used.</param>
/// <param name="Evaluation">The subjects to evaluate on: the held-out fold, or the validation subjects.</param>
internal sealed record FoldParts(IReadOnlySet<string> Train, IReadOnlySet<string> Labeled, IReadOnlySet<string> Evaluation)
{
    /// <summary>The parts of a run. It depends on the set of subjects and on the run alone.</summary>
    /// <exception cref="ArgumentException">The data set's folds do not fit, or there are too few subjects.</exception>
    /// <exception cref="InvalidDataException">The list of labeled subjects does not fit.</exception>
    public static FoldParts Of(IReadOnlyList<ImageRecord> records, ExperimentRun run)
    {
        var (train, evaluation) = DataSplit.HoldOut(records, run.Folds, run.Fold, run.Seed);
        var all = DataSplit.All(records).Train;
        if (run.Validation is { } share)
        {
            var split = SubjectSplit.TrainTest(train, share, run.Seed);
            (train, evaluation) = (split.Train, split.Test);
        }

        return new FoldParts(train, run.Labeled.Choose(train, all, run.Seed), evaluation);
    }

    /// <summary>Short hash of a data set: its shape, and each image's id, subject, fold and number of masks. No pixel is read.</summary>
    public static string Fingerprint(ImageSource source)
    {
        var lines = source.Records.Select(record => $"{record.Id}\t{record.Subject}\t{record.Fold}\t{record.Annotators.Count}");
        return ShortHash.Of(string.Join('\n', lines.Prepend(source.Shape.ToString())), 16);
    }
}
