using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Metrics;

public sealed class ScoreIntervalTests
{
    [Test]
    public void The_interval_of_a_large_sample_is_that_of_the_normal_distribution()
    {
        const int Subjects = 400;
        double[] values = [.. Enumerable.Range(0, Subjects).Select(i => Math.Sin(i * 12.9898) * 3 + 0.5)];
        var mean = values.Average();
        var standardError = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)) / Subjects);

        var interval = ScoreInterval.OverSubjects([.. values.Select(value => (IReadOnlyList<double>)[value])], seed: 1);

        Assert.Multiple(() =>
        {
            Assert.That(interval.Mean, Is.EqualTo(mean).Within(1e-12));
            Assert.That(interval.Low, Is.EqualTo(mean - (1.959964 * standardError)).Within(0.05 * standardError));
            Assert.That(interval.High, Is.EqualTo(mean + (1.959964 * standardError)).Within(0.05 * standardError));
        });
    }

    [Test]
    public void Images_of_a_subject_stay_together()
    {
        // Two subjects of +1 and -1 with 50 images each: a resample is -1, 0 or 1 whole, so the interval reaches from -1 to 1.
        var interval = ScoreInterval.OverSubjects([Enumerable.Repeat(1.0, 50).ToArray(), Enumerable.Repeat(-1.0, 50).ToArray()], seed: 1);

        Assert.That((interval.Mean, interval.Low, interval.High), Is.EqualTo((0.0, -1.0, 1.0)));
    }

    [Test]
    public void One_seed_gives_one_interval()
    {
        IReadOnlyList<double>[] differences = [[0.1, 0.2], [0.4], [-0.3]];

        var first = ScoreInterval.OverSubjects(differences, 5);
        var second = ScoreInterval.OverSubjects(differences, 5);

        Assert.That(second, Is.EqualTo(first));
    }

    [Test]
    public void Scatter_that_is_added_moves_each_resample()
    {
        var interval = ScoreInterval.OverSubjects([[0.5]], seed: 1, random => random.NextDouble() < 0.5 ? -1 : 1);

        Assert.That((interval.Mean, interval.Low, interval.High), Is.EqualTo((0.5, -0.5, 1.5)));
    }

    [Test]
    public void A_subject_without_an_image_is_refused() => Assert.That(
        () => ScoreInterval.OverSubjects([[0.5], []]), Throws.ArgumentException.With.Message.StartsWith("There is no subject, or one without an image"));
}
