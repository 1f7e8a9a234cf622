namespace AmbiSSL.Experiments.Comparison;

/// <summary>
/// Interval of a mean difference by resampling patients: images of one patient resemble each other, so they stay together (the
/// percentile bootstrap over clusters).
/// </summary>
internal static class PairedBootstrap
{
    /// <summary>Resamples in the tool's figures.</summary>
    public const int DefaultResamples = 10_000;

    /// <summary>The mean difference over images, and the interval that holds 95 % of its resamples.</summary>
    /// <param name="differences">The differences of the images of each patient; at least one patient, each with at least one image.</param>
    /// <param name="seed">Another seed, other resamples.</param>
    /// <param name="trainings">How the mean scatters from training to training, where each resample is of other trainings too; it must be known.</param>
    /// <param name="resamples">Number of resamples, at least 1.</param>
    public static Interval Compute(
        IReadOnlyList<IReadOnlyList<double>> differences, int seed, TrainingScatter? trainings = null, int resamples = DefaultResamples)
    {
        ArgumentOutOfRangeException.ThrowIfZero(differences.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        (double Sum, int Count)[] patients = [.. differences.Select(images => (images.Sum(), images.Count))];
        var random = new Random(seed);
        var means = new double[resamples];
        for (var i = 0; i < resamples; i++)
        {
            var (sum, count) = (0.0, 0);
            for (var j = 0; j < patients.Length; j++)
            {
                var drawn = patients[random.Next(patients.Length)];
                sum += drawn.Sum;
                count += drawn.Count;
            }

            means[i] = (sum / count) + (trainings?.Draw(random) ?? 0);
        }

        Array.Sort(means);
        return new Interval(patients.Sum(patient => patient.Sum) / patients.Sum(patient => patient.Count), Quantile(means, 0.025), Quantile(means, 0.975));
    }

    /// <summary>The quantile with linear interpolation between the neighbors.</summary>
    private static double Quantile(double[] sorted, double probability)
    {
        var position = probability * (sorted.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }
}
