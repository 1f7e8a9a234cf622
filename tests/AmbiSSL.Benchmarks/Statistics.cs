namespace AmbiSSL.Benchmarks;

/// <summary>What is printed of repeated measurements.</summary>
internal static class Statistics
{
    /// <summary>The middle value, or the mean of the two middle ones.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The middle one of the wall times, in seconds.</summary>
    public static double MedianSeconds(IEnumerable<Elapsed> times) => Median(times.Select(time => time.WallSeconds));

    /// <summary>Median over pairs of the ratio of wall times, first over second.</summary>
    public static double WallRatio((Elapsed[] First, Elapsed[] Second) pairs) =>
        Median(pairs.First.Zip(pairs.Second, (first, second) => first.WallSeconds / second.WallSeconds));

    /// <summary>Median over pairs of the ratio of processor times, first over second.</summary>
    public static double ProcessorRatio((Elapsed[] First, Elapsed[] Second) pairs) =>
        Median(pairs.First.Zip(pairs.Second, (first, second) => first.ProcessorSeconds / second.ProcessorSeconds));
}
