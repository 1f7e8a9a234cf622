namespace AmbiSSL.Torch.Metrics;

/// <summary>Whether the samples vary where they miss the experts.</summary>
internal static class CrossCorrelation
{
    /// <summary>
    /// The mean over experts of the normalized cross-correlation of two maps (Baumgartner et al. 2019, PHiSeg): the cross-entropy of the mean mask with the
    /// samples, and that of the expert with the samples. For masks of 0 and 1, of which a share p of the samples holds a pixel inside and the expert's is y,
    /// the maps are multiples of p·(1 - p) and |y - p|, whatever small number keeps the logarithms finite.
    /// </summary>
    /// <param name="samples">N predicted masks <c>[H, W]</c>, at least one.</param>
    /// <param name="annotations">M expert masks <c>[H, W]</c>, at least one.</param>
    /// <returns>-1 to 1; NaN where a map is constant, as that of samples which are all the same.</returns>
    /// <exception cref="ArgumentException">A set is empty, or sizes differ.</exception>
    public static double Compute(ReadOnlySpan<BitMask> samples, ReadOnlySpan<BitMask> annotations)
    {
        MetricArguments.RequireSets(samples, annotations);
        var count = samples.Length;
        var shares = Array.ConvertAll(Calibration.CountVotes(samples), votes => (double)votes / count);
        var spread = Array.ConvertAll(shares, share => share * (1 - share));
        double sum = 0;
        foreach (var annotation in annotations)
        {
            var errors = Calibration.CountVotes([annotation]).Zip(shares, (vote, share) => Math.Abs(vote - share));
            sum += Correlation.Pearson(spread, errors.ToArray());
        }

        return sum / annotations.Length;
    }
}
