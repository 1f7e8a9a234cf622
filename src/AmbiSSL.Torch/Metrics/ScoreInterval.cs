using AmbiSSL.Torch.Metrics;

namespace AmbiSSL;

/// <summary>A mean over images with its 95 % interval over subjects.</summary>
/// <param name="Mean">The mean over images.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct ScoreInterval(double Mean, double Low, double High)
{
    /// <summary>The default number of resamples.</summary>
    public const int DefaultResamples = 10_000;

    /// <summary>
    /// Resamples subjects with replacement and takes the mean over the drawn subjects' images, over and over; the interval holds 95 % of these means
    /// (the percentile bootstrap over clusters: images of one subject resemble each other, so they stay together).
    /// </summary>
    /// <param name="scores">The scores of each subject's images; at least one subject, each with at least one image.</param>
    /// <param name="seed">Another seed, other resamples.</param>
    /// <param name="scatter">What is added to the mean of each resample, such as the scatter from training to training; null for nothing.</param>
    /// <param name="resamples">Number of resamples, at least 1.</param>
    /// <exception cref="ArgumentException">There is no subject, or one has no image.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of resamples is less than 1.</exception>
    public static ScoreInterval OverSubjects(
        IReadOnlyList<IReadOnlyList<double>> scores, int seed = 0, Func<Random, double>? scatter = null, int resamples = DefaultResamples)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        (double Sum, int Count)[] subjects = [.. scores.Select(images => (images.Sum(), images.Count))];
        if (subjects.Length == 0 || subjects.Any(subject => subject.Count == 0))
        {
            throw new ArgumentException("There is no subject, or one without an image; give the scores of each subject that has some.", nameof(scores));
        }

        var random = new Random(seed);
        var means = new double[resamples];
        for (var i = 0; i < resamples; i++)
        {
            var (sum, count) = (0.0, 0);
            for (var j = 0; j < subjects.Length; j++)
            {
                var drawn = subjects[random.Next(subjects.Length)];
                sum += drawn.Sum;
                count += drawn.Count;
            }

            means[i] = (sum / count) + (scatter?.Invoke(random) ?? 0);
        }

        Array.Sort(means);
        return new ScoreInterval(
            subjects.Sum(subject => subject.Sum) / subjects.Sum(subject => subject.Count), Quantile.Of(means, 0.025), Quantile.Of(means, 0.975));
    }
}
