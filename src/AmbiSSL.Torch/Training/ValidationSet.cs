namespace AmbiSSL.Torch.Training;

/// <summary>The annotated images on which a model is scored while it is trained.</summary>
internal sealed class ValidationSet(ImageCache images)
{
    private readonly int[] _labeled = [.. images.Labeled];

    /// <summary>Samples masks for every annotated image and scores them.</summary>
    /// <param name="model">In evaluation mode.</param>
    /// <param name="beforeEach">Called before each image.</param>
    public ScoreSummary Score(SegmentationModel model, Action beforeEach)
    {
        var samples = model.Options.Samples;
        var scores = new List<ImageScores>(_labeled.Length);
        foreach (var index in _labeled)
        {
            beforeEach();
            var image = images.Read(index, model.Images.Intensities!);
            var size = image.Shape.Size;
            var pixels = model.Classes.Count * size.PixelCount;
            var (masks, probability) = (new byte[samples * pixels], new float[pixels]);
            model.SampleImage(image.Pixels.ToFloats(), size, samples, masks, probability);
            scores.Add(ImageScores.Compute(new SampledMasks(masks, probability), image.Annotations));
        }

        return ScoreSummary.Of(scores);
    }
}
