using Microsoft.ML;

namespace AmbiSSL.Cli.Data;

/// <summary>The subjects to train on and those to test on; none is on both sides.</summary>
/// <param name="Train">The subjects to train on.</param>
/// <param name="Test">The subjects to test on; empty where nothing is held out.</param>
internal sealed record DataSplit(IReadOnlySet<string> Train, IReadOnlySet<string> Test)
{
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

    /// <summary>The rows to train on, with the annotations of the labeled subjects only.</summary>
    public IDataView TrainingData(AmbiguousSegmentationCatalog segmentation, ImageSource source, IReadOnlySet<string> labeled) =>
        segmentation.KeepAnnotations(segmentation.FilterSubjects(segmentation.Load(source), Train), labeled);
}
