namespace AmbiSSL.Torch.Metrics;

/// <summary>
/// The masks of an image where they lie: what figures of borders, lesions and areas are computed from. Pixels that do not count are background.
/// </summary>
internal sealed class PlacedMasks
{
    private readonly CountedPixels _counted;
    private readonly FigureOptions _options;
    private readonly Lazy<byte[]> _consensus;
    private MaskComparison? _majority;
    private MaskComparison? _staple;

    /// <param name="drawn">What a model drew.</param>
    /// <param name="annotations">The experts' masks, at least one.</param>
    /// <param name="counted">The pixels that count.</param>
    /// <param name="options">The tolerance of borders.</param>
    /// <param name="spacing">The distances of pixels; null to measure in pixels.</param>
    public PlacedMasks(SampledMasks drawn, MaskSet annotations, CountedPixels counted, FigureOptions options, PixelSpacing? spacing)
    {
        (_counted, _options, Size, Spacing) = (counted, options, annotations.Size, spacing ?? new PixelSpacing(1, 1));
        (Samples, Annotations) = (counted.Placed(drawn.Masks), counted.Placed(annotations.Values));
        _consensus = new Lazy<byte[]>(() => counted.Placed(
            drawn.Consensus ?? Array.ConvertAll(drawn.Probability, probability => probability > 0.5f ? (byte)1 : (byte)0)));
    }

    /// <summary>Height and width.</summary>
    public ImageSize Size { get; }

    /// <summary>Distances of rows and of columns: millimeters, or 1 and 1.</summary>
    public PixelSpacing Spacing { get; }

    /// <summary>[N, H, W].</summary>
    public byte[] Samples { get; }

    /// <summary>[A, H, W].</summary>
    public byte[] Annotations { get; }

    /// <summary>[H, W].</summary>
    public byte[] Consensus => _consensus.Value;

    /// <summary>The consensus beside the pixels that at least half of the experts hold inside.</summary>
    public MaskComparison Majority => _majority ??= Compare(MajorityOfExperts());

    /// <summary>The consensus beside what <see cref="Metrics.Staple"/> makes of the experts, of the pixels that count.</summary>
    public MaskComparison Staple =>
        _staple ??= Compare(_counted.Whole(Metrics.Staple.Estimate(_counted.Of<byte>(Annotations).ToArray(), _counted.Size.PixelCount)));

    /// <summary>The masks of a set, each [H, W].</summary>
    /// <param name="masks"><see cref="Samples"/> or <see cref="Annotations"/>.</param>
    public IEnumerable<byte[]> Each(byte[] masks) => masks.Chunk(Size.PixelCount);

    /// <summary>The areas of masks of the pixels that count.</summary>
    public double[] Areas(BitMask[] masks) => Array.ConvertAll(masks, mask => mask.Area * Spacing.Row * Spacing.Column);

    /// <summary>A figure of the consensus and one expert's mask, mean over experts.</summary>
    public double MeanOverExperts(Func<byte[], byte[], ImageSize, double> compare) => Each(Annotations).Average(expert => compare(Consensus, expert, Size));

    private byte[] MajorityOfExperts()
    {
        var experts = BitMask.SetFromBytes(Annotations, Size.Height, Size.Width);
        return Array.ConvertAll(Calibration.CountVotes(experts), votes => 2 * votes >= experts.Length ? (byte)1 : (byte)0);
    }

    private MaskComparison Compare(byte[] reference) => MaskComparison.Of(Consensus, reference, Size, Spacing, _options.SurfaceTolerance);
}
