namespace AmbiSSL;

/// <summary>The scores of a set of images: the mean and deviation over images of some figures.</summary>
public sealed class ScoreSummary
{
    private static readonly ScoreAverage Unknown = new(double.NaN, double.NaN, 0);

    private readonly Dictionary<Figure, ScoreAverage> _averages;
    private readonly IReadOnlyList<ScoreSummary> _classes = [];

    /// <summary>Averages that are known, such as those of a file.</summary>
    /// <param name="count">Number of images, at least 1.</param>
    /// <param name="averages">Averages by figure; a figure that is left out is NaN, of 0 images.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no images.</exception>
    public ScoreSummary(int count, IEnumerable<KeyValuePair<Figure, ScoreAverage>> averages)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentNullException.ThrowIfNull(averages);
        Count = count;
        _averages = new Dictionary<Figure, ScoreAverage>(averages);
        Figures = [.. Figure.All.Where(_averages.ContainsKey)];
    }

    /// <summary>Number of images.</summary>
    public int Count { get; }

    /// <summary>The figures that it has, in the order of reports.</summary>
    public IReadOnlyList<Figure> Figures { get; }

    /// <summary>
    /// The summary of each class, in the order of <see cref="MaskClasses.Names"/>; where there is one class, or averages alone are known, itself.
    /// </summary>
    public IReadOnlyList<ScoreSummary> Classes { get => _classes.Count > 0 ? _classes : [this]; private init => _classes = value; }

    /// <summary>
    /// A figure averaged over the images that have it. Where it is computed over images, as <see cref="Figure.DisagreementCorrelation"/> is,
    /// its value stands as the mean, and the deviation is NaN.
    /// </summary>
    /// <param name="figure">The figure.</param>
    public ScoreAverage this[Figure figure]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(figure);
            return _averages.GetValueOrDefault(figure, Unknown);
        }
    }

    /// <summary>Summarizes the scores of images, each image counting the same.</summary>
    /// <param name="images">One entry an image, at least one.</param>
    /// <param name="figures">The figures to have, of which the images have what they need; null for <see cref="Figure.Usual"/>.</param>
    /// <returns>The summary.</returns>
    /// <exception cref="ArgumentException">There are no images.</exception>
    public static ScoreSummary Of(IReadOnlyCollection<ImageScores> images, IReadOnlyList<Figure>? figures = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.Count == 0)
        {
            throw new ArgumentException("There are scores of 0 images; at least 1 is needed. Score an annotated image.", nameof(images));
        }

        var classes = images.First().Classes.Count;
        if (images.FirstOrDefault(image => image.Classes.Count != classes) is { } other)
        {
            throw new ArgumentException(
                $"There are scores of {classes} classes and of {other.Classes.Count}; summarize images of the same classes.", nameof(images));
        }

        var averages = (figures ?? Figure.Usual).Distinct().Select(figure => KeyValuePair.Create(figure, figure.Summarize(images)));
        return new ScoreSummary(images.Count, averages)
        {
            Classes = classes == 1
                ? []
                : [.. Enumerable.Range(0, classes).Select(position => Of([.. images.Select(image => image.Classes[position])], figures))],
        };
    }
}
