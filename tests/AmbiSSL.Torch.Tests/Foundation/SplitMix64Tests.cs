using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Inference;
using AmbiSSL.Torch.Synthetic;
using AmbiSSL.Torch.Training;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Foundation;

public sealed class SplitMix64Tests
{
    /// <summary>The first numbers of the published generator for the seed 1234567.</summary>
    [Test]
    public void Bits_are_those_of_the_published_generator()
    {
        var random = new SplitMix64(1234567);

        Assert.That(
            Enumerable.Range(0, 5).Select(_ => random.Next()),
            Is.EqualTo((ulong[])[6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821]));
    }

    [Test]
    public void Keys_and_their_order_matter() => Assert.That(
        (ulong[])
        [
            SplitMix64.Keyed(1).Next(), SplitMix64.Keyed(2).Next(), SplitMix64.Keyed(1, 0).Next(), SplitMix64.Keyed(1, 0, 1).Next(),
            SplitMix64.Keyed(1, 1, 0).Next(),
        ],
        Is.Unique);

    [Test]
    public void Numbers_of_synthetic_images_stay_what_they_were()
    {
        var random = new SyntheticRandom(7, SyntheticStream.Annotation, 3, -1);

        Assert.That(
            (double[])[random.NextUniform(), random.NextUniform(), random.NextUniform(), random.NextGaussian()],
            Is.EqualTo((double[])[0.1814572563374669, 0.5017646390543357, 0.30548355221151047, 0.6913782916760906]));
        Assert.That(random.NextInteger(1000), Is.EqualTo(113));
    }

    [Test]
    public void Noise_of_samples_stays_what_it_was()
    {
        using var noise = new SampleNoise([0.25f, -1, 3], -5).Draw(2, 2, CodeSampling.Independent);

        Assert.That(noise.data<float>(), Is.EqualTo((float[])[-0.22309536f, 1.1330494f, 0.70632505f, 0.3249661f]));
    }

    [Test]
    public void Seeds_of_the_parts_of_a_run_stay_what_they_were() => Assert.That(
        (int[])[EpochPlan.HashCode(7, 0), EpochPlan.HashCode(7, ~0), EpochPlan.HashCode(-1, 12)],
        Is.EqualTo((int[])[1133140305, 1885330712, 1336513339]));
}
