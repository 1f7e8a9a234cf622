using AmbiSSL.Experiments.Results;

namespace AmbiSSL.Experiments.Comparison;

/// <summary>Two rows of a table, image by image: scores of an image are averaged over the seeds that both have, then subtracted.</summary>
internal sealed class PairedComparison
{
    private readonly IReadOnlyList<(int Fold, int Seed, ScoreRow[] A, ScoreRow[] B)> _pairs;
    private readonly ILookup<int, (ScoreRow A, ScoreRow B)> _images;

    /// <summary>Pairs runs of the same fold and seed.</summary>
    /// <param name="a">Runs of the first row, of one part and labeled share.</param>
    /// <param name="b">Runs of the second row.</param>
    /// <param name="scores">The scores of images by the number of their run.</param>
    /// <exception cref="UsageException">No fold and seed has both.</exception>
    /// <exception cref="InvalidDataException">Two runs of a pair were evaluated on different images.</exception>
    public PairedComparison(IEnumerable<RunRow> a, IEnumerable<RunRow> b, ILookup<int, ScoreRow> scores)
    {
        var pairs = a.Join(b, own => (own.Fold, own.Seed), other => (other.Fold, other.Seed), (own, other) => (Own: own, Other: other))
            .OrderBy(pair => pair.Own.Fold).ThenBy(pair => pair.Own.Seed).ToList();
        if (pairs.Count == 0)
        {
            throw new UsageException("No fold and seed has results of both; do the missing runs.");
        }

        foreach (var (own, other) in pairs)
        {
            if (own.Data != other.Data || !scores[own.Run].Select(score => score.Image).SequenceEqual(scores[other.Run].Select(score => score.Image)))
            {
                throw new InvalidDataException(
                    $"Fold {own.Fold}, seed {own.Seed}: '{own.Name}' and '{other.Name}' were evaluated on different images and cannot be compared.");
            }
        }

        _pairs = pairs.ConvertAll(pair => (pair.Own.Fold, pair.Own.Seed, scores[pair.Own.Run].ToArray(), scores[pair.Other.Run].ToArray()));
        _images = _pairs.SelectMany(pair => pair.A.Zip(pair.B)).ToLookup(pair => pair.First.Image, pair => (pair.First, pair.Second));
    }

    /// <summary>Number of images.</summary>
    public int Images => _images.Count;

    /// <summary>Number of patients.</summary>
    public int Subjects => _images.Select(image => image.First().A.Subject).Distinct().Count();

    /// <summary>Number of seeds.</summary>
    public int Seeds => _pairs.Select(pair => pair.Seed).Distinct().Count();

    /// <summary>Mean of A's minus B's figure over images, with its interval over patients.</summary>
    /// <param name="figure">The figure.</param>
    /// <param name="seed">Seed of the resamples.</param>
    public ScoreInterval Difference(Figure figure, int seed) => ScoreInterval.OverSubjects(Differences(figure), seed);

    /// <summary>The same with the interval over patients and trainings; <see langword="null"/> where no fold has two seeds.</summary>
    public ScoreInterval? DifferenceOverTrainings(Figure figure, int seed)
    {
        var trainings = new TrainingScatter(
        [
            .. _pairs.GroupBy(pair => pair.Fold).Select(fold => (fold.First().A.Length, fold.Select(pair => Mean(pair.A) - Mean(pair.B)).ToArray())),
        ]);
        return trainings.IsKnown ? ScoreInterval.OverSubjects(Differences(figure), seed, trainings.Draw) : null;

        double Mean(ScoreRow[] scores) => scores.Average(score => score[figure]);
    }

    // In the order of the numbers, so that resamples do not depend on the order of runs.
    private List<List<double>> Differences(Figure figure) =>
    [
        .. _images.GroupBy(image => image.First().A.Subject).OrderBy(subject => subject.Key).Select(subject => subject
            .OrderBy(image => image.Key)
            .Select(image => image.Average(pair => pair.A[figure]) - image.Average(pair => pair.B[figure])).ToList()),
    ];
}
