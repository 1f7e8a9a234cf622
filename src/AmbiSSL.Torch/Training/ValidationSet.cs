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
        var (shape, samples) = (images.Shape, model.Options.Samples);
        var masks = new byte[samples * shape.PixelCount];
        var probability = new float[shape.PixelCount];
        var scores = new List<ImageScores>(_labeled.Length);
        foreach (var index in _labeled)
        {
            beforeEach();
            var image = images.Read(index, model.Images.Intensities!);
            model.SampleMasks(image.Pixels.ToFloats(), samples, masks, probability);
            scores.Add(ImageScores.Compute(masks, probability, image.Annotations));
        }

        return ScoreSummary.Of(scores);
    }
}
