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
}
