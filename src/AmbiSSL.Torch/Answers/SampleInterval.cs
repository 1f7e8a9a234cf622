using AmbiSSL.Torch.Metrics;

namespace AmbiSSL;

/// <summary>What the samples of an image say of a number: its median and the interval that holds nine of ten samples.</summary>
/// <param name="Median">The median over the samples.</param>
/// <param name="Low">The 5th percentile.</param>
/// <param name="High">The 95th percentile.</param>
public readonly record struct SampleInterval(double Median, double Low, double High)
{
    /// <summary>The interval of some values; between two of them it is interpolated linearly, as NumPy's <c>percentile</c> does.</summary>
    /// <param name="values">At least one, in any order.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static SampleInterval Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length > 0
            ? new SampleInterval(Quantile.Of(sorted, 0.5), Quantile.Of(sorted, 0.05), Quantile.Of(sorted, 0.95))
            : throw new ArgumentException("There are no values; give that of each sample, at least one.", nameof(values));
    }
}
