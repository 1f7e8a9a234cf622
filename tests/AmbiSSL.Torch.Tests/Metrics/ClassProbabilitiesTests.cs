using AmbiSSL.Torch.Metrics;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Metrics;

public sealed class ClassProbabilitiesTests
{
    private static readonly MaskClasses Exclusive = new(["core", "rim"]);
    private static readonly MaskClasses Overlapping = new(["core", "rim"], overlap: true);

    // Pixels one after the other: the core is first, the rim is, background is though both classes together are not, background and the core are level.
    private static readonly float[] Probability = [0.5f, 0.2f, 0.3f, 0.5f, 0.1f, 0.6f, 0.3f, 0];

    [TestCase(0.5, new byte[] { 1, 0, 0, 0, 0, 1, 0, 0 })]
    [TestCase(0.4, new byte[] { 1, 0, 1, 1, 0, 1, 0, 0 })]
    [TestCase(0.45, new byte[] { 1, 0, 0, 1, 0, 1, 0, 0 })]
    [TestCase(0.8, new byte[] { 0, 0, 0, 0, 0, 0, 0, 0 })]
    public void Of_exclusive_classes_the_most_probable_one_is_drawn_where_its_odds_against_background_are_above_the_threshold(double threshold, byte[] expected)
    {
        var planes = new byte[8];

        ClassProbabilities.Harden(Exclusive, Probability, threshold, planes);

        Assert.That(planes, Is.EqualTo(expected));
    }

    [Test]
    public void Of_two_equally_probable_classes_the_first_is_drawn()
    {
        var planes = new byte[2];

        ClassProbabilities.Harden(Exclusive, [0.4f, 0.4f], 0.5, planes);

        Assert.That(planes, Is.EqualTo((byte[])[1, 0]));
    }

    [Test]
    public void Overlapping_classes_are_drawn_each_by_itself()
    {
        var planes = new byte[4];

        ClassProbabilities.Harden(Overlapping, [0.9f, 0.5f, 0.6f, 0.2f], 0.5, planes);

        Assert.That(planes, Is.EqualTo((byte[])[1, 0, 1, 0]));
    }

    [Test]
    public void Entropy_of_exclusive_classes_is_that_of_background_and_them()
    {
        var bits = new float[4];

        ClassProbabilities.Entropy(Exclusive, [1f / 3, 0.25f, 0, 1, 1f / 3, 0.25f, 0, 0], bits);

        Assert.That(bits, Is.EqualTo((float[])[MathF.Log2(3), 1.5f, 0, 0]).Within(1e-6));
    }

    [Test]
    public void Entropy_of_overlapping_classes_is_the_mean_of_theirs()
    {
        var bits = new float[2];

        ClassProbabilities.Entropy(Overlapping, [0.5f, 1, 0.5f, 0.5f], bits);

        Assert.That(bits, Is.EqualTo((float[])[1, 0.5f]).Within(1e-6));
    }

    [Test]
    public void Entropy_of_one_class_is_binary()
    {
        var (bits, expected) = (new float[3], new float[3]);

        ClassProbabilities.Entropy(MaskClasses.One, [0.1f, 0.5f, 0.7f], bits);

        BinaryEntropy.Compute([0.1f, 0.5f, 0.7f], expected);
        Assert.That(bits, Is.EqualTo(expected));
    }
}
