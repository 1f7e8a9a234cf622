namespace AmbiSSL.Torch.Metrics;

/// <summary>What the figures of one image are computed from; all masks have the size of the image.</summary>
internal readonly ref struct ImageMasks
{
    /// <summary>N sampled masks <c>[H, W]</c>, at least one.</summary>
    public required BitMask[] Samples { get; init; }

    /// <summary>H·W values in [H, W] order, 0 to 1: the mean over the samples.</summary>
    public required ReadOnlySpan<float> MeanProbability { get; init; }

    /// <summary>A expert masks <c>[H, W]</c>, at least one.</summary>
    public required BitMask[] Annotations { get; init; }

    /// <summary>What two empty masks give in the distances.</summary>
    public required EmptyMaskConvention EmptyMasks { get; init; }

    /// <summary>The masks where they lie; null where no figure asks for them.</summary>
    public PlacedMasks? Places { get; init; }
}
