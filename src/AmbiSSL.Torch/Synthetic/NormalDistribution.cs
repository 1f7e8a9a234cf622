namespace AmbiSSL.Torch.Synthetic;

/// <summary>The standard normal distribution.</summary>
internal static class NormalDistribution
{
    /// <summary>Probability of a value up to x, to 1e-7 (Abramowitz and Stegun, 26.2.17).</summary>
    public static double Cumulative(double x)
    {
        var t = 1 / (1 + (0.2316419 * Math.Abs(x)));
        var polynomial = t * (0.319381530 + (t * (-0.356563782 + (t * (1.781477937 + (t * (-1.821255978 + (t * 1.330274429))))))));
        var tail = Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI) * polynomial;
        return x < 0 ? tail : 1 - tail;
    }
}
