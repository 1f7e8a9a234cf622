using AmbiSSL.Torch.Answers;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Answers;

public sealed class TemperatureScalingTests
{
    [Test]
    public void The_odds_become_their_root()
    {
        float[] probabilities = [0.8f, 0.5f, 0.1f];

        TemperatureScaling.Apply(probabilities, 2);

        Assert.That(probabilities, Is.EqualTo((double[])[2.0 / 3, 0.5, 0.25]).Within(1e-6), "odds of 4, 1 and 1/9");
    }

    [Test]
    public void At_one_every_bit_stays()
    {
        float[] probabilities = [0, float.Epsilon, 0.3f, 1];

        TemperatureScaling.Apply(probabilities, 1);

        Assert.That(probabilities, Is.EqualTo((float[])[0, float.Epsilon, 0.3f, 1]));
    }

    [Test]
    public void Certainty_becomes_a_probability_between_0_and_1()
    {
        float[] probabilities = [0, 1];

        TemperatureScaling.Apply(probabilities, 3);

        // A millionth and its complement, to the third root of their odds.
        Assert.That(probabilities, Is.EqualTo((double[])[0.0099, 0.9901]).Within(1e-5));
    }

    [Test]
    public void Of_exclusive_classes_the_odds_of_all_and_of_background_become_their_roots()
    {
        // Two images of one pixel: 0.64, 0.32 and 0.04 of background; nothing but background.
        float[] probabilities = [0.64f, 0.32f, 0, 0];

        TemperatureScaling.Apply(probabilities, 2, new MaskClasses(["core", "rim"]), 1);

        var sum = 0.8 + Math.Sqrt(0.32) + 0.2;
        Assert.That(probabilities[..2], Is.EqualTo((double[])[0.8 / sum, Math.Sqrt(0.32) / sum]).Within(1e-6));
        Assert.That(probabilities[2..], Is.EqualTo((double[])[0.001 / 1.002, 0.001 / 1.002]).Within(1e-6), "a millionth of each class, to the root");
    }

    [Test]
    public void Of_overlapping_classes_each_is_scaled_by_itself()
    {
        float[] probabilities = [0.8f, 0.5f, 0.1f, 0.8f];

        TemperatureScaling.Apply(probabilities, 2, new MaskClasses(["core", "rim"], overlap: true), 1);

        Assert.That(probabilities, Is.EqualTo((double[])[2.0 / 3, 0.5, 0.25, 2.0 / 3]).Within(1e-6));
    }
}
