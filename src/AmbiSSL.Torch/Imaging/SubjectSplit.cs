using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AmbiSSL;

/// <summary>
/// Splits data sets by subject, so that no patient is on both sides. Subjects are ordered by SHA-256 of the seed, the purpose of the
/// split and their name, and shares are taken from that order: a split depends on the set of subjects and the seed alone, not on the
/// order or number of rows.
/// </summary>
public sealed class SubjectSplit
{
    /// <summary>Number of folds where neither the caller nor the data set says it: 4, as in the paper.</summary>
    public const int DefaultFolds = 4;

    private SubjectSplit(IReadOnlySet<string> train, IReadOnlySet<string> test)
    {
        Train = train;
        Test = test;
    }

    /// <summary>The subjects to train on.</summary>
    public IReadOnlySet<string> Train { get; }

    /// <summary>The subjects to test on.</summary>
    public IReadOnlySet<string> Test { get; }

    /// <summary>Splits subjects into two parts.</summary>
    /// <param name="subjects">The subject of every row; repetitions count once.</param>
    /// <param name="testFraction">
    /// Share of the subjects to test on, between 0 and 1, rounded to whole subjects; each part gets at least one.
    /// </param>
    /// <param name="seed">Another seed, another split.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not between 0 and 1.</exception>
    /// <exception cref="ArgumentException">There are fewer than two subjects.</exception>
    public static SubjectSplit TrainTest(IEnumerable<string> subjects, double testFraction, int seed)
    {
        if (testFraction is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(testFraction),
                testFraction,
                FormattableString.Invariant($"The test fraction is {testFraction}; it must lie between 0 and 1, both excluded."));
        }

        var ordered = Order(subjects, seed, "test");
        RequireSubjects(ordered, 2, "a training and a test part");
        var count = Math.Clamp(Round(testFraction * ordered.Count), 1, ordered.Count - 1);
        return new SubjectSplit(ToSet(ordered.Skip(count)), ToSet(ordered.Take(count)));
    }

    /// <summary>Assigns every subject to one of several folds of equal size, give or take one subject.</summary>
    /// <param name="subjects">The subject of every row; repetitions count once.</param>
    /// <param name="numberOfFolds">2 up to the number of subjects.</param>
    /// <param name="seed">Another seed, other folds.</param>
    /// <returns>The fold of each subject, 0 to <paramref name="numberOfFolds"/> - 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than two folds.</exception>
    /// <exception cref="ArgumentException">There are fewer subjects than folds.</exception>
    public static IReadOnlyDictionary<string, int> Folds(IEnumerable<string> subjects, int numberOfFolds, int seed)
    {
        RequireFolds(numberOfFolds);
        var ordered = Order(subjects, seed, "fold");
        RequireSubjects(ordered, numberOfFolds, $"{numberOfFolds} folds");
        return ordered.Select((subject, rank) => (subject, fold: rank % numberOfFolds))
            .ToFrozenDictionary(pair => pair.subject, pair => pair.fold, StringComparer.Ordinal);
    }

    /// <summary>
    /// Assigns every subject to a fold: the one that the data set names (<see cref="ImageRecord.Fold"/>) where it names folds, else as
    /// <see cref="Folds(IEnumerable{string}, int, int)"/>.
    /// </summary>
    /// <param name="records">The records of a data set.</param>
    /// <param name="numberOfFolds">
    /// 2 up to the number of subjects; where the data set names folds, as many as it names. Null for as many as it names, or else
    /// <see cref="DefaultFolds"/>.
    /// </param>
    /// <param name="seed">Another seed, other folds; without effect where the data set names folds.</param>
    /// <returns>The fold of each subject, at least 0.</returns>
    /// <exception cref="ArgumentException">The number of folds is not the one that the data set names, or there are too few subjects.</exception>
    /// <exception cref="InvalidDataException">
    /// The data set names folds for some images only, two folds for one subject, or one fold alone.
    /// </exception>
    public static IReadOnlyDictionary<string, int> Folds(IEnumerable<ImageRecord> records, int? numberOfFolds, int seed)
    {
        ArgumentNullException.ThrowIfNull(records);
        var list = records.ToList();
        if (list.TrueForAll(record => record.Fold is null))
        {
            return Folds(list.Select(record => record.Subject), numberOfFolds ?? DefaultFolds, seed);
        }

        var folds = NamedFolds(list.Select(record => ($"Image '{record.Id}'", record.Subject, record.Fold)));
        var named = folds.Values.Distinct().Order().ToList();
        return named.Count == (numberOfFolds ?? named.Count)
            ? folds
            : throw new ArgumentException(
                $"The data set names the folds {string.Join(", ", named)}, but {numberOfFolds} folds are asked for; ask for the number that it "
                + "names, or remove its column fold.",
                nameof(numberOfFolds));
    }

    /// <summary>The fold of every subject as the rows of a data set name it; the folds are the numbers that occur.</summary>
    /// <param name="rows">What errors call the row, its subject, and its fold, at least 0.</param>
    /// <exception cref="InvalidDataException">A row has no fold, a subject has two, or all have the same.</exception>
    internal static IReadOnlyDictionary<string, int> NamedFolds(IEnumerable<(string Row, string Subject, int? Fold)> rows)
    {
        var folds = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (row, subject, named) in rows)
        {
            if (named is not { } fold || fold < 0)
            {
                throw new InvalidDataException($"{row} has no fold although others have; number the folds of all rows from 0, or of none.");
            }

            if (!folds.TryAdd(subject, fold) && folds[subject] != fold)
            {
                throw new InvalidDataException(
                    $"{row}: subject '{subject}' is in fold {fold} and, in an earlier row, in fold {folds[subject]}; put all rows of a subject into "
                    + "one fold.");
            }
        }

        return folds.Values.Distinct().Count() > 1
            ? folds.ToFrozenDictionary(StringComparer.Ordinal)
            : throw new InvalidDataException(
                $"All {folds.Count} subjects are in one fold; at least two are needed. Remove the column of folds to split by subject.");
    }

    /// <summary>
    /// Chooses the subjects that keep their annotations; all others are to be treated as unlabeled. With the same seed, the subjects
    /// of a smaller fraction are among those of a larger one.
    /// </summary>
    /// <param name="subjects">The subject of every row; repetitions count once.</param>
    /// <param name="fraction">Share of the subjects, above 0 up to 1, rounded to whole subjects; at least one is kept.</param>
    /// <param name="seed">Another seed, other subjects.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not above 0 and up to 1.</exception>
    /// <exception cref="ArgumentException">There is no subject.</exception>
    public static IReadOnlySet<string> KeepLabeled(IEnumerable<string> subjects, double fraction, int seed)
    {
        if (fraction is not (> 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(fraction),
                fraction,
                FormattableString.Invariant($"The fraction is {fraction}; it must lie above 0 and be at most 1."));
        }

        var ordered = Order(subjects, seed, "labeled");
        RequireSubjects(ordered, 1, "a labeled part");
        return ToSet(ordered.Take(Math.Max(1, Round(fraction * ordered.Count))));
    }

    private static List<string> Order(IEnumerable<string> subjects, int seed, string purpose)
    {
        ArgumentNullException.ThrowIfNull(subjects);
        return subjects.Distinct(StringComparer.Ordinal)
            .OrderBy(subject => Hash(seed, purpose, subject))
            .ThenBy(subject => subject, StringComparer.Ordinal)
            .ToList();
    }

    private static ulong Hash(int seed, string purpose, string subject)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{seed}:{purpose}:{subject}");
        return BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private static int Round(double count) => (int)Math.Round(count, MidpointRounding.AwayFromZero);

    private static IReadOnlySet<string> ToSet(IEnumerable<string> subjects) => subjects.ToFrozenSet(StringComparer.Ordinal);

    private static void RequireFolds(int numberOfFolds)
    {
        if (numberOfFolds < 2)
        {
            throw new ArgumentOutOfRangeException(
                nameof(numberOfFolds),
                numberOfFolds,
                $"{numberOfFolds} folds are asked for; at least 2 are needed.");
        }
    }

    private static void RequireSubjects(List<string> subjects, int needed, string purpose)
    {
        if (subjects.Count < needed)
        {
            throw new ArgumentException(
                $"There are {subjects.Count} subjects; {purpose} need at least {needed}. Splits never separate the images of a subject.",
                nameof(subjects));
        }
    }
}
