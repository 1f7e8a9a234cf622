namespace AmbiSSL.Torch.Metrics;

/// <summary>Quantiles with linear interpolation between the neighbors.</summary>
internal static class Quantile
{
    /// <summary>The quantile of sorted values, at least one.</summary>
    public static double Of(double[] sorted, double probability)
    {
        var position = probability * (sorted.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }
}
