namespace AmbiSSL.Torch.Metrics;

/// <summary>How far two series rise and fall together.</summary>
internal static class Correlation
{
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

    // The variance of a constant series rounds to a little more than 0; the values themselves do not.
    private static bool IsConstant(ReadOnlySpan<double> values) => values.IsEmpty || !values.ContainsAnyExcept(values[0]);

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
