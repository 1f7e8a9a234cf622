using AmbiSSL.Torch.Metrics;

namespace AmbiSSL;

/// <summary>A figure by which the samples of a model are judged; <see cref="All"/> is the table of them.</summary>
/// <remarks>
/// Evaluation, validation while training, reports and logs go through the table: a new figure is one more property here. Those of
/// <see cref="Usual"/> are computed unless others are named. Figures of one image come first from <see cref="ImageScores"/>, those of a set of images from
/// <see cref="ScoreSummary"/>.
/// </remarks>
public sealed class Figure
{
    private const string Unbounded = "0 or more";

    // The properties add themselves to it from above: it stands before them, and the lists that are made of it stand after them.
    private static readonly List<Figure> Table = [];

    private readonly ImageFunction? _ofImage;
    private readonly Func<IReadOnlyCollection<ImageScores>, double>? _overImages;
    private readonly Figure[] _needs;

    private Figure(
        string name,
        string title,
        string range,
        FigureDirection better,
        string source,
        ImageFunction? ofImage = null,
        Func<IReadOnlyCollection<ImageScores>, double>? overImages = null,
        Figure[]? needs = null)
    {
        (Name, Title, Range, Better, Source, _ofImage, _overImages, _needs) = (name, title, range, better, source, ofImage, overImages, needs ?? []);
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

    /// <summary>Mean over annotations of the Dice of the best sample, which several annotations may share: D_max of Rahman et al. 2023.</summary>
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
            [.. images.Select(image => image[SampleDiversity])], [.. images.Select(image => image[ExpertDiversity])]),
        needs: [SampleDiversity, ExpertDiversity]);

    /// <summary>The figures that are computed where none are named: those above, which <see cref="All"/> begins with.</summary>
    public static IReadOnlyList<Figure> Usual { get; } = [.. Table];

    /// <summary>
    /// Hungarian-matched IoU: mean IoU of the best one-to-one assignment of samples to annotations, each set repeated to their least common multiple.
    /// </summary>
    public static Figure MatchedIou { get; } = new(
        nameof(MatchedIou), "matched IoU", "0 to 1", FigureDirection.Larger, "Kohl et al. 2019",
        image => MatchedOverlap.IntersectionOverUnion(image.Samples, image.Annotations, image.EmptyMasks));

    /// <summary><see cref="Ged"/> of the first 10 samples, for comparison with results at that number; NaN for fewer.</summary>
    public static Figure Ged10 { get; } = GedOf(10, nameof(Ged10));

    /// <summary><see cref="Ged"/> of the first 16 samples; NaN for fewer.</summary>
    public static Figure Ged16 { get; } = GedOf(16, nameof(Ged16));

    /// <summary><see cref="Ged"/> of the first 50 samples; NaN for fewer.</summary>
    public static Figure Ged50 { get; } = GedOf(50, nameof(Ged50));

    /// <summary><see cref="Ged"/> of the first 100 samples; NaN for fewer.</summary>
    public static Figure Ged100 { get; } = GedOf(100, nameof(Ged100));

    /// <summary>
    /// Normalized cross-correlation over pixels of where samples vary with where they miss an expert, mean over experts (S_NCC of PHiSeg). NaN where
    /// the samples are all the same, or miss an expert nowhere or everywhere alike.
    /// </summary>
    public static Figure NormalizedCrossCorrelation { get; } = new(
        nameof(NormalizedCrossCorrelation), "cross-correlation of maps", "-1 to 1", FigureDirection.Larger, "Baumgartner et al. 2019",
        image => CrossCorrelation.Compute(image.Samples, image.Annotations));

    /// <summary>
    /// Adaptive calibration error: as <see cref="ExpectedCalibrationError"/>, in 15 ranges that hold equally many pixels. Background counts, and fills most
    /// ranges: compare models on the same images only.
    /// </summary>
    public static Figure AdaptiveCalibrationError { get; } = new(
        nameof(AdaptiveCalibrationError), "adaptive calibration error", "0 to 1", FigureDirection.Smaller, "Nixon et al. 2019",
        image => Calibration.AdaptiveCalibrationError(image.MeanProbability, image.Annotations));

    /// <summary>
    /// Collective insight: 3·S·D·A / (S + D + A) of combined sensitivity S, <see cref="DiceMax"/> D and diversity agreement A. NaN for one sample or one
    /// annotation.
    /// </summary>
    public static Figure CollectiveInsight { get; } = new(
        nameof(CollectiveInsight), "collective insight", "0 to 1", FigureDirection.Larger, "Rahman et al. 2023",
        image => Torch.Metrics.CollectiveInsight.Compute(image.Samples, image.Annotations));

    /// <summary>
    /// Continuous ranked probability score of the area: how far the samples' areas are from an expert's, less half of how far they are from each
    /// other; mean over experts. In pixels, or in square millimeters where the spacing is given.
    /// </summary>
    public static Figure AreaScore { get; } = new(
        nameof(AreaScore), "CRPS of the area", Unbounded, FigureDirection.Smaller, "Gneiting and Raftery 2007",
        image => RankedProbabilityScore.Compute(image.Places!.Areas(image.Samples), image.Places.Areas(image.Annotations)));

    /// <summary>
    /// F1 of lesions, the components of a mask: those of the consensus against each expert's, where one pixel in common finds a lesion; mean over experts. Two
    /// empty masks give 1, one 0.
    /// </summary>
    public static Figure LesionF1 { get; } = new(
        nameof(LesionF1), "F1 of lesions", "0 to 1", FigureDirection.Larger, "Kuijf et al. 2019",
        image => image.Places!.MeanOverExperts((consensus, expert, size) => LesionDetection.F1(consensus, expert, size)));

    /// <summary>
    /// Mean over lesions, the components of the union of all samples and annotations, of |share of samples - share of experts| who have a pixel of it: whether
    /// what one expert of four saw is in a quarter of the samples. 0 where nobody drew anything.
    /// </summary>
    public static Figure LesionShareError { get; } = new(
        nameof(LesionShareError), "error of lesions' shares", "0 to 1", FigureDirection.Smaller, "not in the paper",
        image => LesionDetection.ShareError(image.Places!));

    /// <summary>
    /// Mean over experts of the Dice of the consensus: <see cref="SampledMasks.Consensus"/>, or the pixels whose probability is above one half. Two empty masks
    /// give 1.
    /// </summary>
    public static Figure ConsensusDice { get; } = new(
        nameof(ConsensusDice), "Dice of the consensus", "0 to 1", FigureDirection.Larger, "Dice 1945",
        image => image.Places!.MeanOverExperts((consensus, expert, size) => MaskOverlap.Dice(
            BitMask.FromBytes(consensus, size.Height, size.Width), BitMask.FromBytes(expert, size.Height, size.Width))));

    /// <summary>Dice of the consensus with the pixels that at least half of the experts hold inside. Two empty masks give 1.</summary>
    public static Figure ConsensusDiceMajority { get; } = OfConsensus(
        nameof(ConsensusDiceMajority), "Dice, consensus and majority", "Dice 1945", places => places.Majority.Dice);

    /// <summary>
    /// 95th percentile Hausdorff distance of the consensus from the experts' majority, as MONAI computes it: the larger of the two directions,
    /// between centers of border pixels. In pixels, or in millimeters where the spacing is given. Two empty masks give 0, one the diagonal of the
    /// image.
    /// </summary>
    public static Figure ConsensusHausdorffMajority { get; } = OfConsensus(
        nameof(ConsensusHausdorffMajority), "Hausdorff 95, consensus and majority", "MONAI", places => places.Majority.Hausdorff95, isDistance: true);

    /// <summary>
    /// Surface Dice of the consensus with the experts' majority at <see cref="FigureOptions.SurfaceTolerance"/>: the share of the pixels of both borders that
    /// are no farther from the other one, as MONAI counts them. Two empty masks give 1, one 0.
    /// </summary>
    public static Figure ConsensusSurfaceDiceMajority { get; } = OfConsensus(
        nameof(ConsensusSurfaceDiceMajority), "surface Dice, consensus and majority", "Nikolov et al. 2021", places => places.Majority.SurfaceDice);

    /// <summary><see cref="ConsensusDiceMajority"/>, with what STAPLE makes of the experts in place of their majority.</summary>
    public static Figure ConsensusDiceStaple { get; } = OfConsensus(
        nameof(ConsensusDiceStaple), "Dice, consensus and STAPLE", "Warfield et al. 2004", places => places.Staple.Dice);

    /// <summary><see cref="ConsensusHausdorffMajority"/>, with what STAPLE makes of the experts in place of their majority.</summary>
    public static Figure ConsensusHausdorffStaple { get; } = OfConsensus(
        nameof(ConsensusHausdorffStaple), "Hausdorff 95, consensus and STAPLE", "Warfield et al. 2004", places => places.Staple.Hausdorff95, isDistance: true);

    /// <summary><see cref="ConsensusSurfaceDiceMajority"/>, with what STAPLE makes of the experts in place of their majority.</summary>
    public static Figure ConsensusSurfaceDiceStaple { get; } = OfConsensus(
        nameof(ConsensusSurfaceDiceStaple), "surface Dice, consensus and STAPLE", "Warfield et al. 2004", places => places.Staple.SurfaceDice);

    /// <summary>
    /// Area under the risk-coverage curve over images: the mean of 1 - <see cref="ConsensusDice"/> of the images whose samples differ least
    /// (<see cref="SampleDiversity"/>), averaged over how many are kept. Low where the consensus is good, and where doubt finds the images in which it is not.
    /// NaN for one sample.
    /// </summary>
    public static Figure RiskCoverageArea { get; } = new(
        nameof(RiskCoverageArea), "area under risk-coverage", "0 to 1", FigureDirection.Smaller, "Geifman and El-Yaniv 2017",
        overImages: images => RiskCoverage.Area(DoubtAndRisk(images)), needs: [SampleDiversity, ConsensusDice]);

    /// <summary><see cref="RiskCoverageArea"/> less that of the best order of the images: what is lost because doubt does not know the risk.</summary>
    public static Figure RiskCoverageExcess { get; } = new(
        nameof(RiskCoverageExcess), "excess of risk-coverage", "0 to 1", FigureDirection.Smaller, "Geifman et al. 2019",
        overImages: images => RiskCoverage.Excess(DoubtAndRisk(images)), needs: [SampleDiversity, ConsensusDice]);

    /// <summary>Every figure, in the order of reports.</summary>
    public static IReadOnlyList<Figure> All { get; } = [.. Table];

    /// <summary>The name of its property here and of its column in tables, such as <c>DiceSoft</c>.</summary>
    public string Name { get; }

    /// <summary>What reports call it, such as <c>Dice soft</c>.</summary>
    public string Title { get; }

    /// <summary>Whether an image has it. The others are computed over images: no image alone has one.</summary>
    public bool IsPerImage => _ofImage is not null;

    /// <summary>Its values, such as <c>0 to 1</c>; figures that are <c>0 or more</c> are distances and areas (<see cref="RangeIn"/>).</summary>
    public string Range { get; }

    /// <summary>Which values are better.</summary>
    public FigureDirection Better { get; }

    /// <summary>The equation or section of the paper, or who else defined it.</summary>
    public string Source { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Title} ({Source}), {Range}";

    /// <summary>Its values and, of distances and areas, their unit, such as <c>0 or more mm2</c>.</summary>
    /// <param name="unit">In what distances are: <c>mm</c> or <c>pixels</c>.</param>
    public string RangeIn(string unit) => Range != Unbounded ? Range : this == AreaScore && unit == "mm" ? $"{Range} mm2" : $"{Range} {unit}";

    /// <summary>Some figures and those from which they are computed, each once.</summary>
    internal static IReadOnlyList<Figure> WithNeeds(IReadOnlyList<Figure> figures) =>
        [.. figures.SelectMany(figure => figure._needs.Append(figure)).Distinct()];

    /// <summary>Its value for one image, which has it.</summary>
    internal double Compute(ImageMasks image) => _ofImage!(image);

    /// <summary>Its value for a set of images.</summary>
    internal ScoreAverage Summarize(IReadOnlyCollection<ImageScores> images) => _overImages is null
        ? ScoreAverage.Of(images.Select(image => image[this]))
        : new ScoreAverage(_overImages(images), double.NaN, images.Count);

    private static Figure GedOf(int samples, string name) => new(
        name, FormattableString.Invariant($"GED of {samples} samples"), "0 to 2", FigureDirection.Smaller, "eq. 22",
        image => image.Samples.Length < samples
            ? double.NaN
            : GeneralizedEnergyDistance.VStatistic(image.Samples.AsSpan(0, samples), image.Annotations, image.EmptyMasks));

    private static Figure OfConsensus(string name, string title, string source, Func<PlacedMasks, double> compare, bool isDistance = false) => new(
        name, title, isDistance ? Unbounded : "0 to 1", isDistance ? FigureDirection.Smaller : FigureDirection.Larger, source,
        image => compare(image.Places!));

    private static IEnumerable<(double Doubt, double Risk)> DoubtAndRisk(IEnumerable<ImageScores> images) =>
        images.Select(image => (image[SampleDiversity], 1 - image[ConsensusDice]));
}
