namespace AmbiSSL.Torch.Metrics;

/// <summary>How far two series rise and fall together.</summary>
internal static class Correlation
{
    private const double Rounding = 1e-12;

    /// <summary>Pearson's correlation.</summary>
    /// <param name="first">Values.</param>
    /// <param name="second">As many values.</param>
    /// <returns>-1 to 1; NaN where there are fewer than two values, or one of the series is constant.</returns>
    public static double Pearson(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        if (IsConstant(first) || IsConstant(second))
        {
            return double.NaN;
        }

        var (firstMean, secondMean) = (Mean(first), Mean(second));
        double covariance = 0;
        double firstVariance = 0;
        double secondVariance = 0;
        for (var i = 0; i < first.Length; i++)
        {
            var x = first[i] - firstMean;
            var y = second[i] - secondMean;
            covariance += x * y;
            firstVariance += x * x;
            secondVariance += y * y;
        }

        return Math.Clamp(covariance / (Math.Sqrt(firstVariance) * Math.Sqrt(secondVariance)), -1, 1);
    }

    // Equal numbers that were computed in different ways, such as 3/7·4/7 and 4/7·3/7, may differ by their rounding, and correlate with anything.
    private static bool IsConstant(ReadOnlySpan<double> values)
    {
        var (smallest, largest) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values)
        {
            (smallest, largest) = (Math.Min(smallest, value), Math.Max(largest, value));
        }

        return !(largest - smallest > Rounding * Math.Max(Math.Abs(smallest), Math.Abs(largest)));
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }
}
