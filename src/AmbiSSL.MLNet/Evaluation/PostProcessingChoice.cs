using AmbiSSL.Torch.Metrics;

namespace AmbiSSL.MLNet.Evaluation;

/// <summary>Chooses what is to be done to masks: that with which the samples have the lowest generalized energy distance.</summary>
internal sealed class PostProcessingChoice
{
    private readonly double[] _distances = new double[PostProcessing.Candidates.Count];

    /// <summary>The best so far; of several the first, so that nothing is done that helps nothing.</summary>
    public PostProcessing Best => PostProcessing.Candidates[Array.IndexOf(_distances, _distances.Min())];

    /// <summary>Adds an image.</summary>
    /// <param name="samples">[N, H, W], as they were drawn.</param>
    /// <param name="experts">The experts' masks, at least one.</param>
    /// <param name="counted">The pixels that none of them ignores.</param>
    public void Add(ReadOnlySpan<byte> samples, MaskSet experts, CountedPixels counted)
    {
        var annotations = counted.Masks(experts.Values);
        for (var candidate = 0; candidate < _distances.Length; candidate++)
        {
            byte[] masks = [.. samples];
            PostProcessing.Candidates[candidate].ApplyToEach(masks, experts.Size, experts.Classes);
            _distances[candidate] += GeneralizedEnergyDistance.VStatistic(counted.Masks(masks), annotations);
        }
    }
}
