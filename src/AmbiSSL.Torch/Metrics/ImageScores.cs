using AmbiSSL.Torch.Metrics;

namespace AmbiSSL;

/// <summary>How well the samples of a model fit the annotations of the experts on one image: a value for each <see cref="Figure.PerImage"/>.</summary>
public sealed class ImageScores
{
    private readonly Dictionary<Figure, double> _values;

    /// <summary>Scores that are known, such as those of a file.</summary>
    /// <param name="values">Values by figure, each one of <see cref="Figure.PerImage"/>; a figure that is left out is NaN.</param>
    /// <exception cref="ArgumentException">A figure is computed over images.</exception>
    public ImageScores(IEnumerable<KeyValuePair<Figure, double>> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        _values = new Dictionary<Figure, double>(values);
        foreach (var figure in _values.Keys)
        {
            RequireOfImage(figure);
        }
    }

    /// <summary>The value of a figure; NaN where the image has none, as the distance between the samples has for a single one.</summary>
    /// <param name="figure">One of <see cref="Figure.PerImage"/>.</param>
    /// <exception cref="ArgumentException">The figure is computed over images.</exception>
    public double this[Figure figure] => _values.GetValueOrDefault(RequireOfImage(figure), double.NaN);

    /// <summary>Scores one image.</summary>
    /// <param name="samples">N·H·W values in [N, H, W] order, N at least 1; nonzero is foreground.</param>
    /// <param name="meanProbability">H·W values in [H, W] order, 0 to 1: the mean over the samples.</param>
    /// <param name="annotations">A·H·W values in [A, H, W] order, A at least 1; nonzero is foreground.</param>
    /// <param name="height">Rows H, at least 1.</param>
    /// <param name="width">Columns W, at least 1.</param>
    /// <param name="emptyMasks">
    /// What two empty masks give in the distances. The default value is <see cref="EmptyMaskConvention.IouIsOne"/>.
    /// </param>
    /// <returns>The scores.</returns>
    /// <exception cref="ArgumentException">A set is empty or does not divide into masks of H·W values, or sizes differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A side is less than 1, or a probability lies outside 0 to 1.</exception>
    public static ImageScores Compute(
        ReadOnlySpan<byte> samples,
        ReadOnlySpan<float> meanProbability,
        ReadOnlySpan<byte> annotations,
        int height,
        int width,
        EmptyMaskConvention emptyMasks = EmptyMaskConvention.IouIsOne)
    {
        MetricArguments.RequireMaps(samples.Length, height, width, nameof(samples));
        MetricArguments.RequireOneMap(meanProbability.Length, height, width, nameof(meanProbability));
        MetricArguments.RequireMaps(annotations.Length, height, width, nameof(annotations));
        var image = new ImageMasks
        {
            Samples = BitMask.SetFromBytes(samples, height, width),
            MeanProbability = meanProbability,
            Annotations = BitMask.SetFromBytes(annotations, height, width),
            EmptyMasks = emptyMasks,
        };
        MetricArguments.RequireSets(image.Samples, image.Annotations);
        var values = new Dictionary<Figure, double>();
        foreach (var figure in Figure.PerImage)
        {
            values[figure] = figure.Compute(image);
        }

        return new ImageScores(values);
    }

    /// <summary>Scores one image on the pixels that none of its masks ignores.</summary>
    /// <param name="samples">N·H·W values in [N, H, W] order, N at least 1; nonzero is foreground.</param>
    /// <param name="meanProbability">H·W values in [H, W] order, 0 to 1: the mean over the samples.</param>
    /// <param name="annotations">The experts' masks, at least one.</param>
    /// <param name="emptyMasks">
    /// What two empty masks give in the distances. The default value is <see cref="EmptyMaskConvention.IouIsOne"/>.
    /// </param>
    /// <returns>The scores.</returns>
    /// <exception cref="ArgumentException">There is no mask, a length does not fit, or every pixel is ignored by one mask or another.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A probability lies outside 0 to 1.</exception>
    public static ImageScores Compute(
        ReadOnlySpan<byte> samples,
        ReadOnlySpan<float> meanProbability,
        MaskSet annotations,
        EmptyMaskConvention emptyMasks = EmptyMaskConvention.IouIsOne)
    {
        ArgumentNullException.ThrowIfNull(annotations);
        var (height, width) = (annotations.Size.Height, annotations.Size.Width);
        MetricArguments.RequireMaps(samples.Length, height, width, nameof(samples));
        MetricArguments.RequireOneMap(meanProbability.Length, height, width, nameof(meanProbability));
        var counted = new CountedPixels(annotations);
        if (counted.IsEmpty)
        {
            throw new ArgumentException("Every pixel of the image is ignored by one mask or another, so that no figure has any; leave it out.", nameof(annotations));
        }

        return Compute(
            counted.Of(samples), counted.Of(meanProbability), counted.Of<byte>(annotations.Values), counted.Size.Height, counted.Size.Width, emptyMasks);
    }

    private static Figure RequireOfImage(Figure figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        return Figure.PerImage.Contains(figure)
            ? figure
            : throw new ArgumentException($"{figure.Name} is computed over images, and no image has it; ask the ScoreSummary of several.", nameof(figure));
    }
}
