namespace AmbiSSL.Torch.Metrics;

/// <summary>The continuous ranked probability score of a number that samples forecast (Gneiting and Raftery 2007, eq. 21).</summary>
internal static class RankedProbabilityScore
{
    /// <summary>E|X - y| - E|X - X'| / 2 over samples X, each paired with itself too, and then the mean over truths y.</summary>
    /// <param name="samples">The forecasts, at least one.</param>
    /// <param name="truths">What came, at least one.</param>
    /// <returns>0 or more, in the unit of the values.</returns>
    public static double Compute(double[] samples, double[] truths)
    {
        var spread = samples.Average(sample => samples.Average(other => Math.Abs(sample - other)));
        return truths.Average(truth => samples.Average(sample => Math.Abs(sample - truth))) - (spread / 2);
    }
}
