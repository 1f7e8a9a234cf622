using AmbiSSL.Torch.Answers;
using AmbiSSL.Torch.Metrics;

namespace AmbiSSL.MLNet.Evaluation;

/// <summary>Chooses what is to be done to the masks of each class: that with which its samples have the lowest generalized energy distance.</summary>
/// <param name="classes">The classes.</param>
internal sealed class PostProcessingChoice(MaskClasses classes)
{
    private readonly double[,] _distances = new double[classes.Count, PostProcessing.Candidates.Count];

    /// <summary>The best so far for each class; of several the first, so that nothing is done that helps nothing.</summary>
    public PostProcessing[] Best => [.. Enumerable.Range(0, classes.Count).Select(
        position => PostProcessing.Candidates[Enumerable.Range(0, PostProcessing.Candidates.Count).MinBy(candidate => _distances[position, candidate])])];

    /// <summary>What is done where a class has one of the candidates, and others nothing.</summary>
    public static PostProcessing[] OfOne(MaskClasses classes, int position, PostProcessing candidate) =>
        [.. Enumerable.Range(0, classes.Count).Select(other => other == position ? candidate : PostProcessing.None)];

    /// <summary>Adds an image.</summary>
    /// <param name="samples">[N, K, H, W], as they were drawn.</param>
    /// <param name="experts">The experts' masks, at least one.</param>
    /// <param name="counted">The pixels that none of them ignores.</param>
    public void Add(ReadOnlySpan<byte> samples, MaskSet experts, CountedPixels counted)
    {
        for (var position = 0; position < classes.Count; position++)
        {
            var annotations = counted.Masks(experts.OfClass(position).Values);
            for (var candidate = 0; candidate < PostProcessing.Candidates.Count; candidate++)
            {
                byte[] masks = [.. samples];
                OfOne(classes, position, PostProcessing.Candidates[candidate]).ApplyToEach(masks, experts.Size, classes);
                var own = new MaskSet(experts.Size, masks, null, null, classes).OfClass(position);
                _distances[position, candidate] += GeneralizedEnergyDistance.VStatistic(counted.Masks(own.Values), annotations);
            }
        }
    }
}
