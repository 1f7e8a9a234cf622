using Microsoft.ML;

namespace AmbiSSL;

/// <summary>How well sampled masks fit those of the experts, over a data set.</summary>
public sealed class AmbiguousSegmentationMetrics
{
    private readonly OutlineCoverage[] _outlines;

    internal AmbiguousSegmentationMetrics(
        int samples,
        MaskClasses classes,
        long unlabeledRows,
        double countedShare,
        ScoreSummary summary,
        double pooledCalibrationError,
        OutlineCoverage[] outlines,
        IReadOnlyDictionary<string, ScoreAverage> annotatorDice,
        IDataView perImage)
    {
        CountedShare = countedShare;
        AnnotatorDice = annotatorDice;
        Samples = samples;
        Classes = classes;
        UnlabeledRows = unlabeledRows;
        Summary = summary;
        PooledCalibrationError = pooledCalibrationError;
        _outlines = outlines;
        PerImage = perImage;
    }

    /// <summary>Masks N drawn for each image. The generalized energy distance depends on it: state it with the figure.</summary>
    public int Samples { get; }

    /// <summary>The classes of the masks. Where there are several, figures are means over them (<see cref="OfClass"/>).</summary>
    public MaskClasses Classes { get; }

    /// <summary>Rows with annotations, over which the figures are means.</summary>
    public int Images => Summary.Count;

    /// <summary>Rows without annotations, which were left out.</summary>
    public long UnlabeledRows { get; }

    /// <summary>
    /// Share of the pixels that count, mean over images: those that no reader of the image ignores (<see cref="SegmentationColumns.Ignored"/>). 1 where
    /// none is ignored.
    /// </summary>
    public double CountedShare { get; }

    /// <summary>Generalized energy distance (eq. 22), mean over images; 0 is best.</summary>
    public double Ged => this[Figure.Ged].Mean;

    /// <summary>Soft Dice (eq. 23), mean over images; 1 is best.</summary>
    public double DiceSoft => this[Figure.DiceSoft].Mean;

    /// <summary>Dice of the best sample for each annotation, mean over images; 1 is best.</summary>
    public double DiceMax => this[Figure.DiceMax].Mean;

    /// <summary>Dice of one-to-one assigned samples and annotations, mean over images; 1 is best.</summary>
    public double DiceMatch => this[Figure.DiceMatch].Mean;

    /// <summary>
    /// Expected calibration error of all pixels together, whichever image they are of: 0 is best. <see cref="Figure.ExpectedCalibrationError"/> is
    /// the mean of each image's own, which also counts what evens out between images: lesions that are found too well in one and not well enough in
    /// another.
    /// </summary>
    public double PooledCalibrationError { get; }

    /// <summary>
    /// What the model's inner and outer outlines hold, mean over patients (the text column Subject, or else each row by itself) and then over the classes; null
    /// where the data has no column of outlines.
    /// </summary>
    public OutlineCoverage? Outlines => _outlines.Length == 0
        ? null
        : new OutlineCoverage(_outlines.Average(own => own.Inner), _outlines.Average(own => own.Outer));

    /// <summary>
    /// Dice of each annotator's own mask with what the annotator drew, by the reader's name: mean and deviation over the images that have the
    /// reader's mask; 1 is best. Where the model's annotators are ranks by area, their names are "rank 1" for the largest mask of an image and
    /// so on. Empty where the data has no column of annotators' masks.
    /// </summary>
    public IReadOnlyDictionary<string, ScoreAverage> AnnotatorDice { get; }

    /// <summary>Mean over the annotators of <see cref="AnnotatorDice"/>; NaN where the data has no column of annotators' masks.</summary>
    public double MeanAnnotatorDice => ScoreAverage.Of(AnnotatorDice.Values.Select(dice => dice.Mean)).Mean;

    /// <summary>Every figure that was asked for, in one value that does not depend on ML.NET.</summary>
    public ScoreSummary Summary { get; }

    /// <summary>
    /// One row for each image with annotations: Row (Int64), its position in the data, and a column (Double) for each figure of an image that was
    /// asked for, or from which one that was asked for is computed, named as the figure is; where there are several classes, the same for each of
    /// them, of the name that <see cref="ClassColumn"/> tells; <see cref="CountedShare"/> of the image; and for each annotator of
    /// <see cref="AnnotatorDice"/> a column of the name that <see cref="DiceColumn"/> tells, NaN where the image lacks the annotator's mask.
    /// </summary>
    public IDataView PerImage { get; }

    /// <summary>Any figure, such as <c>metrics[Figure.Brier]</c>: mean and standard deviation over the images that have it.</summary>
    /// <param name="figure">The figure.</param>
    public ScoreAverage this[Figure figure] => Summary[figure];

    /// <summary>The figures of one class.</summary>
    /// <param name="name">A name in <see cref="Classes"/>.</param>
    /// <exception cref="ArgumentException">There is no such class.</exception>
    public ScoreSummary OfClass(string name) => Summary.Classes[Position(name)];

    /// <summary>What the outlines of one class hold, as <see cref="Outlines"/>; null where the data has no column of outlines.</summary>
    /// <param name="name">A name in <see cref="Classes"/>.</param>
    /// <exception cref="ArgumentException">There is no such class.</exception>
    public OutlineCoverage? OutlinesOfClass(string name)
    {
        var position = Position(name);
        return _outlines.Length == 0 ? null : _outlines[position];
    }

    /// <summary>The column of <see cref="PerImage"/> with a figure of a class, where there are several.</summary>
    /// <param name="figure">A figure that an image has.</param>
    /// <param name="name">A name in <see cref="Classes"/>.</param>
    public static string ClassColumn(Figure figure, string name)
    {
        ArgumentNullException.ThrowIfNull(figure);
        return $"{figure.Name} of {name}";
    }

    /// <summary>The column of <see cref="PerImage"/> with the Dice of an annotator.</summary>
    /// <param name="annotator">A name in <see cref="AnnotatorDice"/>.</param>
    public static string DiceColumn(string annotator) => $"Dice of {annotator}";

    private int Position(string name) => Classes.Names.ToList().IndexOf(name) is >= 0 and var position
        ? position
        : throw new ArgumentException($"There is no class '{name}'; the masks have {Classes}.", nameof(name));

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"{Images} images, {Samples} samples: GED {Ged:F4}, Dice soft {DiceSoft:F4}, max {DiceMax:F4}, match {DiceMatch:F4}")
        + (AnnotatorDice.Count == 0 ? "" : FormattableString.Invariant($", of annotators {MeanAnnotatorDice:F4}"))
        + string.Concat(Classes.Count == 1 ? [] : Classes.Names.Select(name => FormattableString.Invariant($"; {name} {OfClass(name)[Figure.Ged].Mean:F4}")))
        + (CountedShare == 1 ? "" : FormattableString.Invariant($"; {CountedShare:P1} of the pixels count"));
}
