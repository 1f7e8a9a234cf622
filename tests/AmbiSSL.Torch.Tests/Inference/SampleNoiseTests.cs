using AmbiSSL.Torch.Inference;
using AmbiSSL.Torch.Synthetic;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Inference;

[TestFixture]
internal sealed class SampleNoiseTests : TorchFixture
{
    private const int Images = 4000;
    private const int Dimensions = 3;

    /// <summary>Over images, the sample at each position is standard normal: its Kolmogorov-Smirnov distance is below what one in a thousand exceeds.</summary>
    [Test]
    public void Each_sample_alone_is_standard_normal([Values] CodeSampling sampling, [Values(0, 1, 9)] int position)
    {
        var noise = Enumerable.Range(0, Images).Select(i => Draw(i, position + 1, sampling)).ToArray();

        for (var d = 0; d < Dimensions; d++)
        {
            double[] sorted = [.. noise.Select(sample => NormalDistribution.Cumulative(sample[position, d])).Order()];

            var distance = sorted.Select((p, i) => Math.Max(((i + 1.0) / Images) - p, p - ((double)i / Images))).Max();
            Assert.That(distance, Is.LessThan(1.95 / Math.Sqrt(Images)), $"dimension {d}");
        }
    }

    [Test]
    public void The_dimensions_of_a_sample_are_uncorrelated([Values] CodeSampling sampling)
    {
        var last = Enumerable.Range(0, Images).Select(i => Draw(i, 10, sampling)).ToArray();

        for (var d = 1; d < Dimensions; d++)
        {
            var products = last.Average(noise => (double)noise[9, d] * noise[9, d - 1]);
            Assert.That(products, Is.Zero.Within(3.3 / Math.Sqrt(Images)), $"dimensions {d - 1} and {d}");
        }
    }

    [Test]
    public void The_first_samples_are_the_same_whatever_their_number([Values] CodeSampling sampling)
    {
        var (few, many) = (Draw(1, 3, sampling), Draw(1, 50, sampling));

        Assert.That(many.Cast<float>().Take(few.Length), Is.EqualTo(few.Cast<float>()));
    }

    [Test]
    public void Another_image_or_seed_has_other_samples([Values] CodeSampling sampling) => Assert.That(
        new[] { Draw(1, 2, sampling), Draw(2, 2, sampling), Draw(1, 2, sampling, seed: 8) }.SelectMany(noise => noise.Cast<float>()), Is.Unique);

    /// <summary>Warnock's squared L2 star discrepancy has the expectation (2^-D - 3^-D) / N for independent points.</summary>
    [TestCase(1, 4, 0.55)]
    [TestCase(1, 10, 0.25)]
    [TestCase(3, 10, 0.6)]
    [TestCase(6, 10, 0.95)]
    [TestCase(6, 32, 0.75)]
    public void Quasi_random_samples_lie_more_evenly_than_independent_ones(int dimensions, int samples, double share)
    {
        var expected = (Math.Pow(2, -dimensions) - Math.Pow(3, -dimensions)) / samples;

        double Mean(CodeSampling sampling) =>
            Enumerable.Range(0, 150).Average(i => SquaredDiscrepancy(Draw(i, samples, sampling, dimensions: dimensions)));

        Assert.Multiple(() =>
        {
            Assert.That(Mean(CodeSampling.QuasiRandom), Is.LessThan(share * expected));
            Assert.That(Mean(CodeSampling.Independent), Is.EqualTo(expected).Within(20).Percent);
        });
    }

    [Test]
    public void Each_image_of_a_batch_has_the_noise_that_it_has_alone([Values] CodeSampling sampling)
    {
        var images = tensor((float[])[1, 0.5f, 2, 0.5f, 3, 0.5f]).view(3, 1, 1, 2);

        var together = SampleNoise.DrawEach(images, seed: 7, 4, Dimensions, sampling);

        Assert.That(together.data<float>(), Is.EqualTo(Enumerable.Range(1, 3).SelectMany(image => Draw(image, 4, sampling).Cast<float>())));
    }

    [Test]
    public void No_dimensions_give_no_noise([Values] CodeSampling sampling) => Assert.That(Draw(1, 5, sampling, dimensions: 0), Is.Empty);

    private static float[,] Draw(int image, int samples, CodeSampling sampling, int seed = 7, int dimensions = Dimensions)
    {
        using var noise = new SampleNoise([image, 0.5f], seed).Draw(samples, dimensions, sampling);
        return (float[,])noise.data<float>().ToNDArray();
    }

    /// <summary>T. T. Warnock, Computational investigations of low-discrepancy point sets, 1972, of points taken to the unit cube.</summary>
    private static double SquaredDiscrepancy(float[,] noise)
    {
        var (count, dimensions) = (noise.GetLength(0), noise.GetLength(1));
        double At(int n, int d) => NormalDistribution.Cumulative(noise[n, d]);
        double Product(Func<int, double> factor) => Enumerable.Range(0, dimensions).Aggregate(1.0, (product, d) => product * factor(d));
        var points = Enumerable.Range(0, count).ToArray();
        var single = points.Sum(n => Product(d => (1 - (At(n, d) * At(n, d))) / 2));
        var pairs = points.Sum(n => points.Sum(m => Product(d => 1 - Math.Max(At(n, d), At(m, d)))));
        return Math.Pow(3, -dimensions) - (2.0 / count * single) + (pairs / count / count);
    }
}
