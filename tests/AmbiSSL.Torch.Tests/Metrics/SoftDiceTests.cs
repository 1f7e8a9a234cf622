using AmbiSSL.Torch.Metrics;
using CsCheck;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Metrics;

public sealed class SoftDiceTests
{
    [Test]
    public void Thresholds_are_those_of_the_published_results() =>
        Assert.That(SoftDice.Thresholds.ToArray(), Is.EqualTo(new[] { 0.1, 0.3, 0.5, 0.7, 0.9 }));

    [Test]
    public void Mean_of_exactly_a_threshold_is_background(
        [Values(1, 3, 5, 7, 9)] int tenths, [Values(10, 20, 30, 70)] int sampleCount)
    {
        int foreground = tenths * sampleCount / 10;
        BitMask[] samples = [.. Enumerable.Range(0, sampleCount).Select(i => TestMasks.Draw(i < foreground ? "#" : "."))];
        float[] mean = [(float)foreground / sampleCount];
        BitMask[] experts = TestMasks.DrawSet(".");
        double[] threshold = [tenths / 10.0];

        Assert.That(SoftDice.PerThreshold(mean, experts, threshold), Is.EqualTo(new[] { 1.0 }));
        Assert.That(SoftDice.PerThreshold([0f], samples, threshold), Is.EqualTo(new[] { 1.0 }));
    }

    [Test]
    public void Annotations_as_samples_score_one() =>
        TestMasks.Pairs.Sample(pair => SoftDice.Compute(TestMasks.Mean(pair.Annotations), pair.Annotations) == 1);

    [Test]
    public void Order_of_masks_does_not_matter() =>
        Gen.Select(TestMasks.Pairs, Gen.Int).Sample((pair, seed) =>
            SoftDice.Compute(TestMasks.Mean(pair.Samples), pair.Annotations)
            == SoftDice.Compute(TestMasks.Mean(pair.Samples), TestMasks.Shuffled(pair.Annotations, seed)));

    [Test]
    public void Each_threshold_is_scored_by_itself()
    {
        double[] scores = SoftDice.PerThreshold([0.2f, 0.8f], TestMasks.DrawSet("##", ".#"), [0.1, 0.5, 0.75]);

        Assert.That(scores, Is.EqualTo(new[] { 1, 1, 1.0 }));
        Assert.That(SoftDice.PerThreshold([0.2f, 0.8f], TestMasks.DrawSet("##", ".#"), [0.3, 0.9]), Is.EqualTo(new[] { 2.0 / 3, 0 }));
    }
}
