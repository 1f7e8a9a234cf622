namespace AmbiSSL.Cli.Experiments;

/// <summary>Two rows of a table, image by image: scores of an image are averaged over the seeds that both have, then subtracted.</summary>
internal sealed class PairedComparison
{
    private readonly ILookup<string, (ImageFigures A, ImageFigures B)> _images;

    /// <summary>Pairs runs of the same fold and seed.</summary>
    /// <exception cref="UsageException">No fold and seed has both.</exception>
    /// <exception cref="InvalidDataException">Two runs of a pair were evaluated on different images.</exception>
    public PairedComparison(IEnumerable<FoldResult> a, IEnumerable<FoldResult> b)
    {
        Pairs =
        [
            .. a.Join(b, own => (own.Fold, own.Seed), other => (other.Fold, other.Seed), (own, other) => (A: own, B: other))
                .OrderBy(pair => pair.A.Fold).ThenBy(pair => pair.A.Seed),
        ];
        if (Pairs.Count == 0)
        {
            throw new UsageException("No fold and seed has results of both; run the missing ones with crossval.");
        }

        foreach (var (own, other) in Pairs)
        {
            if (!own.Images.Select(image => (image.Id, image.Subject)).SequenceEqual(other.Images.Select(image => (image.Id, image.Subject))))
            {
                throw new InvalidDataException(
                    $"Fold {own.Fold}, seed {own.Seed}: '{own.Name}' and '{other.Name}' were evaluated on different images and cannot be compared.");
            }
        }

        _images = Pairs.SelectMany(pair => pair.A.Images.Zip(pair.B.Images)).ToLookup(pair => pair.First.Id, pair => (pair.First, pair.Second));
    }

    /// <summary>The runs that are compared.</summary>
    public IReadOnlyList<(FoldResult A, FoldResult B)> Pairs { get; }

    /// <summary>Number of images.</summary>
    public int Images => _images.Count;

    /// <summary>Number of patients.</summary>
    public int Subjects => Differences(image => image.Ged).Count;

    /// <summary>Mean of A's minus B's figure over images, with its interval over patients.</summary>
    public Interval Difference(Func<ImageFigures, double> figure, int seed) => PairedBootstrap.Compute(Differences(figure), seed);

    /// <summary>The same with the interval over patients and trainings; <see langword="null"/> where no fold has two seeds.</summary>
    public Interval? DifferenceOverTrainings(Func<ImageFigures, double> figure, int seed)
    {
        var trainings = new TrainingScatter(
        [
            .. Pairs.GroupBy(pair => pair.A.Fold).Select(fold => (
                fold.First().A.Images.Count, fold.Select(pair => pair.A.Images.Average(figure) - pair.B.Images.Average(figure)).ToArray())),
        ]);
        return trainings.IsKnown ? PairedBootstrap.Compute(Differences(figure), seed, trainings) : null;
    }

    // In the order of the names, so that resamples do not depend on the order of files.
    private List<List<double>> Differences(Func<ImageFigures, double> figure) =>
    [
        .. _images.GroupBy(image => image.First().A.Subject).OrderBy(subject => subject.Key, StringComparer.Ordinal).Select(subject => subject
            .OrderBy(image => image.Key, StringComparer.Ordinal)
            .Select(image => image.Average(pair => figure(pair.A)) - image.Average(pair => figure(pair.B))).ToList()),
    ];
}
