namespace AmbiSSL.Experiments.Runs;

/// <summary>Scores a model after an epoch on images that stay in memory.</summary>
internal sealed class EpochScores
{
    private readonly List<AnnotatedImage> _images;
    private readonly PixelType _source;

    /// <param name="part">What the images are to the run, such as <c>test</c>.</param>
    /// <param name="source">All images.</param>
    /// <param name="subjects">Whose images are scored.</param>
    /// <param name="most">So many images at most, evenly spread.</param>
    public EpochScores(string part, ImageSource source, Func<string, bool> subjects, int most = int.MaxValue)
    {
        Part = part;
        _source = source.Format.Source;
        int[] positions = [.. Enumerable.Range(0, source.Count).Where(i => source.Records[i].IsLabeled && subjects(source.Records[i].Subject))];
        var every = ((positions.Length - 1) / most) + 1;
        _images = [.. positions.Where((_, i) => i % every == 0).Select(source.Read)];
    }

    /// <summary>What the images are to the run.</summary>
    public string Part { get; }

    /// <summary>Every figure, its mean over the images.</summary>
    public IEnumerable<(Figure Figure, double Mean)> Of(SegmentationModel model)
    {
        var (shape, samples) = (model.Shape, model.Options.Samples);
        var masks = new byte[samples * shape.PixelCount];
        var probability = new float[shape.PixelCount];
        var scores = _images.ConvertAll(image =>
        {
            model.SampleMasks(model.ToInput(image.Pixels, _source), samples, masks, probability);
            return ImageScores.Compute(new SampledMasks(masks, probability), image.Annotations);
        });
        var summary = scores.Count == 0 ? null : ScoreSummary.Of(scores);
        return summary is null ? [] : Figure.Usual.Select(figure => (figure, summary[figure].Mean));
    }
}
