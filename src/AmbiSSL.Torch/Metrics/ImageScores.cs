using AmbiSSL.Torch.Metrics;

namespace AmbiSSL;

/// <summary>
/// How well the samples of a model fit the annotations of the experts on one image: values of figures that an image has
/// (<see cref="Figure.IsPerImage"/>).
/// </summary>
/// <remarks>Where masks have several classes, every figure is the mean over <see cref="Classes"/> of what it is for each class by itself.</remarks>
public sealed class ImageScores
{
    private readonly Dictionary<Figure, double> _values;
    private readonly IReadOnlyList<ImageScores> _classes;

    /// <summary>Scores that are known, such as those of a file.</summary>
    /// <param name="values">Values by figure; a figure that is left out is NaN.</param>
    /// <exception cref="ArgumentException">A figure is computed over images.</exception>
    public ImageScores(IEnumerable<KeyValuePair<Figure, double>> values)
        : this(values, [])
    {
    }

    private ImageScores(IEnumerable<KeyValuePair<Figure, double>> values, IReadOnlyList<ImageScores> classes)
    {
        ArgumentNullException.ThrowIfNull(values);
        (_values, _classes) = (new Dictionary<Figure, double>(values), classes);
        foreach (var figure in _values.Keys)
        {
            RequireOfImage(figure);
        }
    }

    /// <summary>
    /// The scores of each class, of which these are the means, in the order of <see cref="MaskClasses.Names"/>; where there is one class, itself
    /// alone.
    /// </summary>
    public IReadOnlyList<ImageScores> Classes => _classes.Count > 0 ? _classes : [this];

    /// <summary>The value of a figure; NaN where it was not asked for, or the image has none, as a single sample has no distance from another.</summary>
    /// <param name="figure">A figure that an image has.</param>
    /// <exception cref="ArgumentException">The figure is computed over images.</exception>
    public double this[Figure figure] => _values.GetValueOrDefault(RequireOfImage(figure), double.NaN);

    /// <summary>The scores of an image from those of its classes: the mean over the classes that have a figure.</summary>
    /// <param name="classes">The scores of each class; of one they are those of the image.</param>
    /// <returns>The scores.</returns>
    /// <exception cref="ArgumentException">There is no class.</exception>
    public static ImageScores OfClasses(IReadOnlyList<ImageScores> classes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        return classes.Count switch
        {
            0 => throw new ArgumentException("There are scores of 0 classes; give those of at least one.", nameof(classes)),
            1 => classes[0],
            _ => new ImageScores(
                classes.SelectMany(own => own._values.Keys).Distinct()
                    .Select(figure => KeyValuePair.Create(figure, ScoreAverage.Of(classes.Select(own => own[figure])).Mean)),
                [.. classes]),
        };
    }

    /// <summary>
    /// Scores one volume of slices by <see cref="Figure.Usual"/>: over all its voxels, masks n of the slices taken for one mask of the volume. Slices are drawn
    /// independently, so that the samples of a volume differ less than experts do.
    /// </summary>
    /// <param name="slices">What a model drew for each slice, and the experts' masks. All have one size and as many masks.</param>
    /// <returns>The scores.</returns>
    /// <exception cref="ArgumentException">There is no slice, or they differ in size or in the number of masks.</exception>
    public static ImageScores OfVolume(IReadOnlyList<(SampledMasks Drawn, MaskSet Annotations)> slices)
    {
        ArgumentNullException.ThrowIfNull(slices);
        if (slices.Count == 0 || slices.Any(slice => slice.Annotations.Size != slices[0].Annotations.Size
            || slice.Annotations.Classes != slices[0].Annotations.Classes
            || slice.Annotations.Count != slices[0].Annotations.Count || slice.Drawn.Masks.Length != slices[0].Drawn.Masks.Length))
        {
            throw new ArgumentException(
                $"There are {slices.Count} slices; give at least one, all of one size and of the same classes, with as many samples and annotations each.",
                nameof(slices));
        }

        var (size, classes) = (slices[0].Annotations.Size, slices[0].Annotations.Classes);
        var ignored = slices.Any(slice => slice.Annotations.Ignored.Length > 0) ? Stack(slice => Ignored(slice.Annotations)) : null;
        return Compute(
            new SampledMasks(Stack(slice => slice.Drawn.Masks), Stack(slice => slice.Drawn.Probability)),
            new MaskSet(new ImageSize(slices.Count * size.Height, size.Width), Stack(slice => slice.Annotations.Values), null, ignored, classes));

        static byte[] Ignored(MaskSet masks) => masks.Ignored.Length > 0 ? masks.Ignored : new byte[masks.Count * masks.Size.PixelCount];

        // Planes of slices to planes of the volume, whose slices lie one below the other.
        T[] Stack<T>(Func<(SampledMasks Drawn, MaskSet Annotations), T[]> planes)
        {
            var stacked = new T[slices.Sum(slice => planes(slice).Length)];
            for (var slice = 0; slice < slices.Count; slice++)
            {
                var own = planes(slices[slice]);
                for (var plane = 0; plane < own.Length / size.PixelCount; plane++)
                {
                    own.AsSpan(plane * size.PixelCount, size.PixelCount).CopyTo(stacked.AsSpan(((plane * slices.Count) + slice) * size.PixelCount));
                }
            }

            return stacked;
        }
    }

    /// <summary>Scores one image by <see cref="Figure.Usual"/>.</summary>
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
        return Compute(
            new ImageMasks
            {
                Samples = BitMask.SetFromBytes(samples, height, width),
                MeanProbability = meanProbability,
                Annotations = BitMask.SetFromBytes(annotations, height, width),
                EmptyMasks = emptyMasks,
            },
            Figure.Usual);
    }

    /// <summary>Scores one image on the pixels that none of its masks ignores; where masks have several classes, by the mean over them.</summary>
    /// <param name="drawn">What a model drew, of the classes of the annotations.</param>
    /// <param name="annotations">The experts' masks, at least one.</param>
    /// <param name="options">The figures and conventions; null for the usual ones.</param>
    /// <param name="spacing">The distances of the image's pixels in millimeters; null to measure areas and distances in pixels.</param>
    /// <returns>The scores.</returns>
    /// <exception cref="ArgumentException">
    /// There is no mask, a length does not fit, every pixel is ignored by one mask or another, or the options are out of range.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A probability lies outside 0 to 1.</exception>
    public static ImageScores Compute(SampledMasks drawn, MaskSet annotations, FigureOptions? options = null, PixelSpacing? spacing = null)
    {
        ArgumentNullException.ThrowIfNull(drawn);
        ArgumentNullException.ThrowIfNull(annotations);
        options ??= new FigureOptions();
        options.Validate();
        // The classes of a mask lie one below the other.
        var (height, width) = (annotations.Classes.Count * annotations.Size.Height, annotations.Size.Width);
        MetricArguments.RequireMaps(drawn.Masks.Length, height, width, nameof(drawn));
        MetricArguments.RequireOneMap(drawn.Probability.Length, height, width, nameof(drawn));
        MetricArguments.RequireOneMap(drawn.Consensus?.Length ?? drawn.Probability.Length, height, width, nameof(drawn));
        var counted = new CountedPixels(annotations);
        if (counted.IsEmpty)
        {
            throw new ArgumentException(
                "Every pixel of the image is ignored by one mask or another, so that no figure has any; leave it out.", nameof(annotations));
        }

        var figures = Figure.WithNeeds(options.Figures);
        return OfClasses([.. drawn.OfClasses(annotations.Classes, annotations.Size).Select((own, position) => OfClass(own, annotations.OfClass(position)))]);

        ImageScores OfClass(SampledMasks own, MaskSet experts)
        {
            var masks = new ImageMasks
            {
                Samples = counted.Masks(own.Masks),
                MeanProbability = counted.Of<float>(own.Probability),
                Annotations = counted.Masks(experts.Values),
                EmptyMasks = options.EmptyMasks,
                Places = new PlacedMasks(own, experts, counted, options, spacing),
            };
            return options.AbsentClasses == AbsentClassConvention.LeftOut && masks.AreEmpty ? new ImageScores([]) : Compute(masks, figures);
        }
    }

    private static ImageScores Compute(in ImageMasks image, IReadOnlyList<Figure> figures)
    {
        MetricArguments.RequireSets(image.Samples, image.Annotations);
        var values = new Dictionary<Figure, double>();
        foreach (var figure in figures.Where(figure => figure.IsPerImage))
        {
            values[figure] = figure.Compute(image);
        }

        return new ImageScores(values);
    }

    private static Figure RequireOfImage(Figure figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        return figure.IsPerImage
            ? figure
            : throw new ArgumentException($"{figure.Name} is computed over images, and no image has it; ask the ScoreSummary of several.", nameof(figure));
    }
}
