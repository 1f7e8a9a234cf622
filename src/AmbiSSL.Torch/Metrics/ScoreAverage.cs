namespace AmbiSSL;

/// <summary>One score averaged over images.</summary>
/// <param name="Mean">The mean; NaN when no image has the score.</param>
/// <param name="StandardDeviation">The sample standard deviation, divided by n - 1; NaN for fewer than two images.</param>
/// <param name="Count">The number n of images that have the score.</param>
public readonly record struct ScoreAverage(double Mean, double StandardDeviation, int Count)
{
    /// <summary>Averages scores, leaving out those that are NaN.</summary>
    /// <param name="scores">One value an image.</param>
    /// <returns>The average.</returns>
    public static ScoreAverage Of(IEnumerable<double> scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        double[] present = [.. scores.Where(score => !double.IsNaN(score))];
        if (present.Length == 0)
        {
            return new ScoreAverage(double.NaN, double.NaN, 0);
        }

        double mean = present.Average();
        double squares = present.Sum(score => (score - mean) * (score - mean));
        double deviation = present.Length > 1 ? Math.Sqrt(squares / (present.Length - 1)) : double.NaN;
        return new ScoreAverage(mean, deviation, present.Length);
    }
}
