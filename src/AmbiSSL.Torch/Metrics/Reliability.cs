namespace AmbiSSL.Torch.Metrics;

/// <summary>
/// How often experts call pixels of like probability foreground, over all images: the reliability diagram, in the bins of
/// <see cref="Calibration.ExpectedCalibrationError"/>.
/// </summary>
internal sealed class Reliability
{
    private readonly double[] _probabilities = new double[Calibration.DefaultBins];
    private readonly double[] _shares = new double[Calibration.DefaultBins];
    private readonly long[] _pixels = new long[Calibration.DefaultBins];

    /// <summary>For each bin that has pixels: their mean probability, the mean share of experts, and the number of pixels.</summary>
    public IEnumerable<(double Probability, double Share, long Pixels)> Bins =>
        from bin in Enumerable.Range(0, _pixels.Length)
        where _pixels[bin] > 0
        select (_probabilities[bin] / _pixels[bin], _shares[bin] / _pixels[bin], _pixels[bin]);

    /// <summary>The expected calibration error of all pixels together, whichever image they are of; NaN where there are none.</summary>
    public double Error => Enumerable.Range(0, _pixels.Length).Sum(bin => Math.Abs(_probabilities[bin] - _shares[bin])) / _pixels.Sum();

    /// <summary>Adds the pixels of an image.</summary>
    /// <param name="probability">H·W values in [H, W] order, 0 to 1.</param>
    /// <param name="annotations">M expert masks <c>[H, W]</c>, at least one.</param>
    public void Add(ReadOnlySpan<float> probability, ReadOnlySpan<BitMask> annotations)
    {
        var votes = Calibration.CountVotes(annotations);
        for (var i = 0; i < votes.Length; i++)
        {
            var bin = Calibration.Bin(probability[i], _pixels.Length);
            _probabilities[bin] += probability[i];
            _shares[bin] += (double)votes[i] / annotations.Length;
            _pixels[bin]++;
        }
    }
}
