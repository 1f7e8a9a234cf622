using Microsoft.ML;

namespace AmbiSSL.Cli.Data;

/// <summary>The subjects to train on, to validate on and to test on; none is in two of them.</summary>
/// <param name="Train">The subjects to train on.</param>
/// <param name="Test">The subjects to test on; empty where nothing is held out.</param>
internal sealed record DataSplit(IReadOnlySet<string> Train, IReadOnlySet<string> Test)
{
    /// <summary>The subjects to validate on; empty where nothing is validated.</summary>
    public IReadOnlySet<string> Validation { get; private init; } = new HashSet<string>();

    /// <summary>Every subject to train on.</summary>
    public static DataSplit All(IEnumerable<ImageRecord> records) => new(records.Select(record => record.Subject).ToHashSet(), new HashSet<string>());

    /// <summary>Holds one fold out; folds that the data set names win.</summary>
    /// <param name="records">The records of a data set.</param>
    /// <param name="folds">Number of folds; null for as many as the data set names, or else <see cref="SubjectSplit.DefaultFolds"/>.</param>
    /// <param name="fold">The fold to test on.</param>
    /// <param name="seed">Another seed, other folds; without effect where the data set names them.</param>
    /// <exception cref="UsageException">There is no such fold.</exception>
    /// <exception cref="ArgumentException">The number of folds does not fit.</exception>
    /// <exception cref="InvalidDataException">The data set's folds contradict each other.</exception>
    public static DataSplit HoldOut(IReadOnlyList<ImageRecord> records, int? folds, int fold, int seed)
    {
        var foldOf = SubjectSplit.Folds(records, folds, seed);
        var parts = foldOf.ToLookup(pair => pair.Value == fold, pair => pair.Key);
        return parts.Contains(true)
            ? new DataSplit(parts[false].ToHashSet(), parts[true].ToHashSet())
            : throw new UsageException(
                $"--fold {fold}: there is no such fold; give one of {string.Join(", ", foldOf.Values.Distinct().Order())}.");
    }

    /// <summary>Takes a share of the labeled subjects out of the training, to validate on; at least one stays on each side.</summary>
    /// <param name="records">The records of the data set.</param>
    /// <param name="labeled">The training subjects whose annotations are used; those that have none do not count.</param>
    /// <param name="share">Share of them, between 0 and 1.</param>
    /// <param name="seed">Another seed, other subjects.</param>
    /// <exception cref="UsageException">There are fewer than two labeled subjects.</exception>
    public DataSplit Validate(IEnumerable<ImageRecord> records, IReadOnlySet<string> labeled, double share, int seed)
    {
        var withMasks = records.Where(record => record.IsLabeled && labeled.Contains(record.Subject)).Select(record => record.Subject).ToHashSet();
        if (withMasks.Count < 2)
        {
            throw new UsageException(
                FormattableString.Invariant($"--validation {share}: of the subjects whose annotations are used, {withMasks.Count} have any; ")
                + "at least two must, one to learn from and one to validate on.");
        }

        var validation = SubjectSplit.TrainTest(withMasks, share, seed).Test;
        return this with { Train = Train.Except(validation).ToHashSet(), Validation = validation };
    }

    /// <summary>The rows to train on, with the annotations of the labeled subjects only.</summary>
    public IDataView TrainingData(AmbiguousSegmentationCatalog segmentation, ImageSource source, IReadOnlySet<string> labeled) =>
        segmentation.KeepAnnotations(segmentation.FilterSubjects(segmentation.Load(source), Train), labeled);

    /// <summary>The rows to validate on; null where nothing is validated.</summary>
    public IDataView? ValidationData(AmbiguousSegmentationCatalog segmentation, ImageSource source) =>
        Validation.Count > 0 ? segmentation.FilterSubjects(segmentation.Load(source), Validation) : null;
}
