using AmbiSSL.Torch.Metrics;

namespace AmbiSSL;

/// <summary>A figure by which the samples of a model are judged; <see cref="All"/> is the table of them.</summary>
/// <remarks>
/// Evaluation, validation while training, reports and logs go through the table: a new figure is one more property here. Figures of one
/// image come first from <see cref="ImageScores"/>, those of a set of images from <see cref="ScoreSummary"/>.
/// </remarks>
public sealed class Figure
{
    // The properties add themselves to it from above: it stands before them, and the lists that are made of it stand after them.
    private static readonly List<Figure> Table = [];

    private readonly ImageFunction? _ofImage;
    private readonly Func<IReadOnlyCollection<ImageScores>, double>? _overImages;

    private Figure(
        string name,
        string title,
        string range,
        FigureDirection better,
        string source,
        ImageFunction? ofImage = null,
        Func<IReadOnlyCollection<ImageScores>, double>? overImages = null)
    {
        (Name, Title, Range, Better, Source, _ofImage, _overImages) = (name, title, range, better, source, ofImage, overImages);
        Table.Add(this);
    }

    private delegate double ImageFunction(ImageMasks image);

    /// <summary>
    /// Generalized energy distance, as a V-statistic: 2·E[d(P, A)] - E[d(P, P')] - E[d(A, A')] with d = 1 - IoU over all ordered pairs of
    /// samples P and annotations A, self-pairs included. 0 where both sets hold the same masks equally often. The number of samples moves it.
    /// </summary>
    public static Figure Ged { get; } = new(
        nameof(Ged), "GED", "0 to 2", FigureDirection.Smaller, "eq. 22",
        image => GeneralizedEnergyDistance.VStatistic(image.Samples, image.Annotations, image.EmptyMasks));

    /// <summary>Dice of the mean probability with the mean annotation, both cut at 0.1, 0.3, 0.5, 0.7 and 0.9; mean of the five.</summary>
    public static Figure DiceSoft { get; } = new(
        nameof(DiceSoft), "Dice soft", "0 to 1", FigureDirection.Larger, "eq. 23",
        image => SoftDice.Compute(image.MeanProbability, image.Annotations));

    /// <summary>Mean over annotations of the Dice of the best sample, which several annotations may share.</summary>
    public static Figure DiceMax { get; } = new(
        nameof(DiceMax), "Dice max", "0 to 1", FigureDirection.Larger, "section 4.4", image => SetDice.Max(image.Samples, image.Annotations));

    /// <summary>Mean over annotations of the Dice under the best one-to-one assignment of samples to annotations.</summary>
    public static Figure DiceMatch { get; } = new(
        nameof(DiceMatch), "Dice match", "0 to 1", FigureDirection.Larger, "section 4.4", image => SetDice.Match(image.Samples, image.Annotations));

    /// <summary>Mean over annotations of the Dice of the one best sample: what a reader gets who picks it.</summary>
    public static Figure OracleDice { get; } = new(
        nameof(OracleDice), "oracle Dice", "0 to 1", FigureDirection.Larger, "not in the paper",
        image => SetDice.Oracle(image.Samples, image.Annotations));

    /// <summary>
    /// Expected calibration error: mean over pixels of |mean probability - share of foreground votes| of their bin, in 15 bins of equal
    /// width. Background counts: compare models on the same images only.
    /// </summary>
    public static Figure ExpectedCalibrationError { get; } = new(
        nameof(ExpectedCalibrationError), "expected calibration error", "0 to 1", FigureDirection.Smaller, "Guo et al. 2017",
        image => Calibration.ExpectedCalibrationError(image.MeanProbability, image.Annotations));

    /// <summary>Brier score: mean over pixels of (mean probability - share of foreground votes)².</summary>
    public static Figure Brier { get; } = new(
        nameof(Brier), "Brier score", "0 to 1", FigureDirection.Smaller, "Brier 1950",
        image => Calibration.BrierScore(image.MeanProbability, image.Annotations));

    /// <summary>Mean of d = 1 - IoU over pairs of different samples; NaN for one sample.</summary>
    public static Figure SampleDiversity { get; } = new(
        nameof(SampleDiversity), "distance between samples", "0 to 1", FigureDirection.LikeExperts, "part of eq. 22",
        image => PairwiseDistance.WithinDistinct(image.Samples, image.EmptyMasks));

    /// <summary>Mean of d = 1 - IoU over pairs of different annotations; NaN for one annotation.</summary>
    public static Figure ExpertDiversity { get; } = new(
        nameof(ExpertDiversity), "distance between experts", "0 to 1", FigureDirection.None, "part of eq. 22",
        image => PairwiseDistance.WithinDistinct(image.Annotations, image.EmptyMasks));

    /// <summary>
    /// Pearson's correlation, over images, of <see cref="SampleDiversity"/> with <see cref="ExpertDiversity"/>: whether the model is in doubt
    /// about the images on which the experts disagree. No image alone has it. NaN for fewer than two images with both, or where either is
    /// constant.
    /// </summary>
    public static Figure DisagreementCorrelation { get; } = new(
        nameof(DisagreementCorrelation), "correlation of disagreement", "-1 to 1", FigureDirection.Larger, "not in the paper",
        overImages: images => Torch.Metrics.DisagreementCorrelation.Compute(
            [.. images.Select(image => image[SampleDiversity])], [.. images.Select(image => image[ExpertDiversity])]));

    /// <summary>Every figure, in the order of reports.</summary>
    public static IReadOnlyList<Figure> All { get; } = [.. Table];

    /// <summary>The figures that an image has: <see cref="All"/> without those that are computed over images.</summary>
    public static IReadOnlyList<Figure> PerImage { get; } = [.. Table.Where(figure => figure._ofImage is not null)];

    /// <summary>The name of its property here and of its column in tables, such as <c>DiceSoft</c>.</summary>
    public string Name { get; }

    /// <summary>What reports call it, such as <c>Dice soft</c>.</summary>
    public string Title { get; }

    /// <summary>Its values, such as <c>0 to 1</c>; figures have no unit.</summary>
    public string Range { get; }

    /// <summary>Which values are better.</summary>
    public FigureDirection Better { get; }

    /// <summary>The equation or section of the paper, or who else defined it.</summary>
    public string Source { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Title} ({Source}), {Range}";

    /// <summary>Its value for one image; the figure is one of <see cref="PerImage"/>.</summary>
    internal double Compute(ImageMasks image) => _ofImage!(image);

    /// <summary>Its value for a set of images.</summary>
    internal ScoreAverage Summarize(IReadOnlyCollection<ImageScores> images) => _overImages is null
        ? ScoreAverage.Of(images.Select(image => image[this]))
        : new ScoreAverage(_overImages(images), double.NaN, images.Count);
}
