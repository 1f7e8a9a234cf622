using AmbiSSL.Torch.Answers;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Answers;

public sealed class TemperatureChoiceTests
{
    private const int Readers = 1000;

    [TestCase(0.5, 0.50119)]
    [TestCase(1, 1)]
    [TestCase(2, 1.99526)]
    public void What_votes_follow_is_found(double temperature, double nearest)
    {
        float[] probability = [.. Enumerable.Range(1, 99).Select(percent => percent / 100f)];
        int[] votes = [.. probability.Select(p => (int)Math.Round(Readers * TemperatureScaling.Apply(p, temperature)))];
        var choice = new TemperatureChoice();

        choice.Add(probability, votes, Readers);

        Assert.That(choice.Best, Is.EqualTo(nearest).Within(1e-5), "2.3 % lie between two");
    }

    [Test]
    public void Where_nothing_is_better_it_is_one()
    {
        var choice = new TemperatureChoice();

        choice.Add([0.5f, 0.5f], [1, 1], 2);

        Assert.That(choice.Best, Is.EqualTo(1));
    }
}
