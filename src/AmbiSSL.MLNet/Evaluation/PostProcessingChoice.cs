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
                var masks = PostProcessing.Candidates[candidate].ApplyToOne(samples, position, experts.Size, classes);
                _distances[position, candidate] += GeneralizedEnergyDistance.VStatistic(counted.Masks(masks), annotations);
            }
        }
    }
}
