using AmbiSSL.Cli.Experiments;

namespace AmbiSSL.Cli.Tests.Experiments;

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
    public void Scores_are_averaged_over_seeds_and_only_runs_that_both_have_are_paired()
    {
        var a = new[] { Result(1, 0.4, 0.2), Result(2, 0.6, 0.2), Result(3, 9, 9) };
        var b = new[] { Result(1, 0.1, 0.1), Result(2, 0.1, 0.1) };

        var comparison = new PairedComparison(a, b);

        // Image 1: (0.4 + 0.6) / 2 - 0.1 = 0.4; image 2: 0.1.
        Assert.That(comparison.Difference(image => image.Ged, 1).Mean, Is.EqualTo(0.25).Within(1e-12));
        Assert.That((comparison.Images, comparison.Subjects), Is.EqualTo((2, 2)));
    }

    [Test]
    public void Runs_on_different_images_are_not_compared()
    {
        var other = HandMade.Result(0.1, images: [HandMade.Image("i9", "s1", 0.1)]);

        Assert.That(() => new PairedComparison([Result(1, 0.1, 0.1)], [other]), Throws.TypeOf<InvalidDataException>());
    }

    private static FoldResult Result(int seed, double first, double second) =>
        HandMade.Result(0.1, seed: seed, images: [HandMade.Image("i1", "s1", first), HandMade.Image("i2", "s2", second)]);
}
