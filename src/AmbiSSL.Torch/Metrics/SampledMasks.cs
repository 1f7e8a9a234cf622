namespace AmbiSSL;

/// <summary>What a model drew for one image.</summary>
/// <param name="Masks">N·H·W values in [N, H, W] order, N at least 1; nonzero is foreground.</param>
/// <param name="Probability">H·W values in [H, W] order, 0 to 1: the mean over the samples of the probability of the foreground.</param>
public sealed record SampledMasks(byte[] Masks, float[] Probability)
{
    /// <summary>
    /// The one mask that the model answers with, H·W values in [H, W] order, where nonzero is foreground; null for the pixels whose probability is above one
    /// half.
    /// </summary>
    public byte[]? Consensus { get; init; }
}
