using AmbiSSL.Experiments.Comparison;

namespace AmbiSSL.Experiments.Tests.Comparison;

[TestFixture]
public sealed class PairedBootstrapTests
{
    [Test]
    public void The_interval_of_a_large_sample_is_that_of_the_normal_distribution()
    {
        const int Patients = 400;
        double[] values = [.. Enumerable.Range(0, Patients).Select(i => Math.Sin(i * 12.9898) * 3 + 0.5)];
        var mean = values.Average();
        var standardError = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)) / Patients);

        var interval = PairedBootstrap.Compute([.. values.Select(value => (IReadOnlyList<double>)[value])], seed: 1);

        Assert.Multiple(() =>
        {
            Assert.That(interval.Mean, Is.EqualTo(mean).Within(1e-12));
            Assert.That(interval.Low, Is.EqualTo(mean - (1.959964 * standardError)).Within(0.05 * standardError));
            Assert.That(interval.High, Is.EqualTo(mean + (1.959964 * standardError)).Within(0.05 * standardError));
        });
    }

    [Test]
    public void Images_of_a_patient_stay_together()
    {
        // Two patients of +1 and -1 with 50 images each: a resample is -1, 0 or 1 whole, so the interval reaches from -1 to 1.
        var interval = PairedBootstrap.Compute([Enumerable.Repeat(1.0, 50).ToArray(), Enumerable.Repeat(-1.0, 50).ToArray()], seed: 1);

        Assert.That((interval.Mean, interval.Low, interval.High), Is.EqualTo((0.0, -1.0, 1.0)));
    }

    [Test]
    public void One_seed_gives_one_interval()
    {
        IReadOnlyList<double>[] differences = [[0.1, 0.2], [0.4], [-0.3]];

        var first = PairedBootstrap.Compute(differences, 5);
        var second = PairedBootstrap.Compute(differences, 5);

        Assert.That(second, Is.EqualTo(first));
    }

    [Test]
    public void The_scatter_of_trainings_widens_the_interval_by_their_standard_error()
    {
        // Patients who do not differ leave the trainings' scatter alone: 50 seeds of one fold, whose mean has this standard error.
        double[] means = [.. Enumerable.Range(0, 50).Select(i => Math.Sin(i * 12.9898))];
        var standardError = Math.Sqrt(means.Sum(mean => Math.Pow(mean - means.Average(), 2)) / 49 / 50);

        var interval = PairedBootstrap.Compute([[0.5], [0.5]], seed: 1, new TrainingScatter([(2, means)]));

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
        var interval = PairedBootstrap.Compute([[0]], seed: 1, new TrainingScatter([(10, [4, 6]), (30, [7])]));

        Assert.That(interval.High, Is.EqualTo(Math.Sqrt(2)).Within(1e-12), "one in eight resamples has the largest deviation three times");
        Assert.That(interval.Low, Is.EqualTo(-interval.High).Within(1e-12));
    }
}
