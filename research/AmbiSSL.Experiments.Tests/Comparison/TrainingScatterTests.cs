using AmbiSSL.Experiments.Comparison;

namespace AmbiSSL.Experiments.Tests.Comparison;

[TestFixture]
public sealed class TrainingScatterTests
{
    [Test]
    public void The_scatter_of_trainings_widens_the_interval_by_their_standard_error()
    {
        // Patients who do not differ leave the trainings' scatter alone: 50 seeds of one fold, whose mean has this standard error.
        double[] means = [.. Enumerable.Range(0, 50).Select(i => Math.Sin(i * 12.9898))];
        var standardError = Math.Sqrt(means.Sum(mean => Math.Pow(mean - means.Average(), 2)) / 49 / 50);

        var interval = ScoreInterval.OverSubjects([[0.5], [0.5]], seed: 1, new TrainingScatter([(2, means)]).Draw);

        Assert.Multiple(() =>
        {
            Assert.That(interval.Mean, Is.EqualTo(0.5));
            Assert.That(interval.Low, Is.EqualTo(0.5 - (1.959964 * standardError)).Within(0.05 * standardError));
            Assert.That(interval.High, Is.EqualTo(0.5 + (1.959964 * standardError)).Within(0.05 * standardError));
        });
    }

    [Test]
    public void A_fold_with_one_seed_scatters_as_the_others_do_and_counts_by_its_images()
    {
        // Deviations of the first fold: -1 and 1, times the square root of 2. The second fold, three quarters of the images, has one training.
        var interval = ScoreInterval.OverSubjects([[0]], seed: 1, new TrainingScatter([(10, [4, 6]), (30, [7])]).Draw);

        Assert.That(interval.High, Is.EqualTo(Math.Sqrt(2)).Within(1e-12), "one in eight resamples has the largest deviation three times");
        Assert.That(interval.Low, Is.EqualTo(-interval.High).Within(1e-12));
    }
}
