namespace AmbiSSL.Experiments.Windows;

/// <summary>
/// What a model draws on large synthetic images through windows: how well each lesion is drawn beside the same lesion cut out and drawn alone, whether lesions
/// vary together, and whether windows leave seams.
/// </summary>
internal sealed class SlideScores
{
    private const int Side = SyntheticSlides.FieldSide;

    private static readonly ImageSize Field = new(Side, Side);

    private readonly List<double> _whole = [];
    private readonly List<double> _cut = [];
    private readonly List<double> _correlations = [];
    private readonly List<double> _neighbors = [];
    private readonly List<double> _atBorders = [];
    private readonly List<double> _besideBorders = [];

    /// <summary>Mean GED of lesions drawn in their image.</summary>
    public double Whole => _whole.Average();

    /// <summary>Mean GED of the same lesions cut out, in images of 128x128 pixels.</summary>
    public double Cut => _cut.Average();

    /// <summary>Mean correlation, over samples, of the areas of two lesions of an image; that of experts is 0.</summary>
    public double Correlation => _correlations.Average();

    /// <summary>The same of lesions whose fields touch.</summary>
    public double NeighborCorrelation => _neighbors.DefaultIfEmpty(double.NaN).Average();

    /// <summary>Mean absolute difference of the probability across a window's border.</summary>
    public double JumpAtBorders => _atBorders.Average();

    /// <summary>Mean absolute difference one pixel before and one after it.</summary>
    public double JumpBeside => _besideBorders.Average();

    /// <summary>Draws an image and adds its figures.</summary>
    public void Add(SegmentationModel model, SyntheticSlides slides, int index)
    {
        var image = slides.Read(index);
        var (size, input, samples) = (image.Shape.Size, model.ToInput(image.Pixels), model.Options.Samples);
        var (masks, probability) = (new byte[samples * size.PixelCount], new float[size.PixelCount]);
        model.SampleImage(input, size, samples, masks, probability);
        var fields = slides.Fields(index);
        var areas = new List<double[]>();
        foreach (var field in fields)
        {
            var experts = new MaskSet(Field, Part<byte>(image.Annotations.Values, size, field));
            var own = Part<byte>(masks, size, field);
            _whole.Add(ImageScores.Compute(new SampledMasks(own, Part<float>(probability, size, field)), experts)[Figure.Ged]);
            var alone = new SampledMasks(new byte[own.Length], new float[Field.PixelCount]);
            model.SampleImage(Part<float>(input, size, field), Field, samples, alone.Masks, alone.Probability);
            _cut.Add(ImageScores.Compute(alone, experts)[Figure.Ged]);
            areas.Add([.. own.Chunk(Field.PixelCount).Select(mask => (double)mask.Count(value => value != 0))]);
        }

        for (var a = 0; a < areas.Count; a++)
        {
            for (var b = 0; b < a; b++)
            {
                AddCorrelation(areas[a], areas[b], fields[a], fields[b]);
            }
        }

        AddJumps(probability, size, model.Shape.Size);
    }

    private static T[] Part<T>(ReadOnlySpan<T> planes, ImageSize size, ImageCrop field)
    {
        var cut = new T[planes.Length / size.PixelCount * Field.PixelCount];
        for (var row = 0; row < cut.Length / Side; row++)
        {
            var start = (row / Side * size.PixelCount) + ((field.Top + (row % Side)) * size.Width) + field.Left;
            planes.Slice(start, Side).CopyTo(cut.AsSpan(row * Side));
        }

        return cut;
    }

    private void AddCorrelation(double[] a, double[] b, ImageCrop fieldOfA, ImageCrop fieldOfB)
    {
        if (Standardized(a) is { } own && Standardized(b) is { } other)
        {
            var correlation = own.Zip(other).Average(pair => pair.First * pair.Second);
            _correlations.Add(correlation);
            if (Math.Max(Math.Abs(fieldOfA.Top - fieldOfB.Top), Math.Abs(fieldOfA.Left - fieldOfB.Left)) <= Side)
            {
                _neighbors.Add(correlation);
            }
        }
    }

    /// <summary>Null where all are the same.</summary>
    private static double[]? Standardized(double[] values)
    {
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        return deviation == 0 ? null : Array.ConvertAll(values, value => (value - mean) / deviation);
    }

    private void AddJumps(float[] probability, ImageSize size, ImageSize window)
    {
        foreach (var border in Borders(size.Width, window.Width))
        {
            Add(column => Jump(probability, size.Height, row => (row * size.Width) + column, 1), border);
        }

        foreach (var border in Borders(size.Height, window.Height))
        {
            Add(row => Jump(probability, size.Width, column => (row * size.Width) + column, size.Width), border);
        }

        void Add(Func<int, double> jump, int border)
        {
            _atBorders.Add(jump(border));
            _besideBorders.Add((jump(border - 1) + jump(border + 1)) / 2);
        }
    }

    private static double Jump(float[] probability, int count, Func<int, int> place, int step) =>
        Enumerable.Range(0, count).Average(i => Math.Abs((double)probability[place(i)] - probability[place(i) - step]));

    /// <summary>The first pixels of windows and those after their last ones, inside the image, by nnU-Net's convention.</summary>
    private static IEnumerable<int> Borders(int length, int window)
    {
        var steps = (int)Math.Ceiling(2.0 * (length - window) / window);
        int[] starts = [.. Enumerable.Range(0, steps + 1).Select(i => (int)Math.Round((double)(length - window) * i / steps))];
        return starts.Skip(1).Concat(starts.SkipLast(1).Select(start => start + window));
    }
}
