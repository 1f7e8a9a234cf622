using System.Globalization;
using Microsoft.ML;

namespace AmbiSSL.Cli.Data;

/// <summary>The subjects to train on and those to test on; none is on both sides.</summary>
/// <param name="Train">The subjects to train on.</param>
/// <param name="Test">The subjects to test on; empty where nothing is held out.</param>
internal sealed record DataSplit(IReadOnlySet<string> Train, IReadOnlySet<string> Test)
{
    /// <summary>Number of folds where neither the arguments nor the data set say it.</summary>
    public const int DefaultFolds = 4;

    /// <summary>Every subject to train on.</summary>
    public static DataSplit All(IEnumerable<ImageRecord> records) => new(records.Select(record => record.Subject).ToHashSet(), new HashSet<string>());

    /// <summary>Holds one fold out; folds that the data set names win.</summary>
    /// <param name="records">The records of a data set.</param>
    /// <param name="folds">Number of folds; null for as many as the data set names, or else <see cref="DefaultFolds"/>.</param>
    /// <param name="fold">The fold to test on, from 0.</param>
    /// <param name="seed">Another seed, other folds; without effect where the data set names them.</param>
    /// <exception cref="UsageException">There is no such fold.</exception>
    /// <exception cref="ArgumentException">The data set's folds do not fit.</exception>
    public static DataSplit HoldOut(IReadOnlyList<ImageRecord> records, int? folds, int fold, int seed)
    {
        var number = NumberOfFolds(records, folds);
        if (fold < 0 || fold >= number)
        {
            throw new UsageException(string.Create(
                CultureInfo.InvariantCulture, $"--fold {fold}: there are {number} folds, counted from 0; give 0 to {number - 1}."));
        }

        var parts = SubjectSplit.Folds(records, number, seed).ToLookup(pair => pair.Value == fold, pair => pair.Key);
        return new DataSplit(parts[false].ToHashSet(), parts[true].ToHashSet());
    }

    /// <summary>The number of folds: as asked for, as the data set names, or else <see cref="DefaultFolds"/>.</summary>
    public static int NumberOfFolds(IEnumerable<ImageRecord> records, int? folds) =>
        folds ?? (records.Max(record => record.Fold) + 1) ?? DefaultFolds;

    /// <summary>The rows to train on, with the annotations of the labelled subjects only.</summary>
    public IDataView TrainingData(AmbiguousSegmentationCatalog segmentation, ImageSource source, IReadOnlySet<string> labeled) =>
        segmentation.KeepAnnotations(segmentation.FilterSubjects(segmentation.Load(source), Train), labeled);

    /// <summary>The rows to test on.</summary>
    public IDataView TestData(AmbiguousSegmentationCatalog segmentation, ImageSource source) =>
        segmentation.FilterSubjects(segmentation.Load(source), Test);
}
