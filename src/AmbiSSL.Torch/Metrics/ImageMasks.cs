namespace AmbiSSL.Torch.Metrics;

/// <summary>What the figures of one image, and of one class, are computed from; all masks have the size of the image.</summary>
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

    /// <summary>Whether neither a sample nor an expert holds a pixel inside.</summary>
    public bool AreEmpty => Array.TrueForAll(Samples, IsEmpty) && Array.TrueForAll(Annotations, IsEmpty);

    private static bool IsEmpty(BitMask mask) => mask.Area == 0;
}
