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
        float[] probabilities = [.. samples.Select(mask => (float)mask.Area)];
        float[] mean = [(float)foreground / sampleCount];
        BitMask[] experts = TestMasks.DrawSet(".");
        double[] threshold = [tenths / 10.0];

        Assert.That(SoftDice.PerThreshold(samples, experts, threshold), Is.EqualTo(new[] { 1.0 }));
        Assert.That(SoftDice.PerThreshold(probabilities, sampleCount, experts, threshold), Is.EqualTo(new[] { 1.0 }));
        Assert.That(SoftDice.PerThreshold(mean, experts, threshold), Is.EqualTo(new[] { 1.0 }));
        Assert.That(SoftDice.PerThreshold([0f], samples, threshold), Is.EqualTo(new[] { 1.0 }));
    }

    [Test]
    public void Binary_samples_score_the_same_as_masks_as_probabilities_and_as_their_mean() =>
        TestMasks.Pairs.Sample(pair =>
        {
            float[] probabilities = [.. pair.Samples.SelectMany(ToProbabilities)];
            int pixels = pair.Samples[0].PixelCount;
            float[] mean = [.. Enumerable.Range(0, pixels).Select(i => Mean(probabilities, i, pixels))];
            double expected = SoftDice.Compute(pair.Samples, pair.Annotations);
            return expected == SoftDice.Compute(probabilities, pair.Samples.Length, pair.Annotations)
                && expected == SoftDice.Compute(mean, pair.Annotations);
        });

    [Test]
    public void Annotations_as_samples_score_one() =>
        TestMasks.Pairs.Sample(pair => SoftDice.Compute(pair.Annotations, pair.Annotations) == 1);

    [Test]
    public void Order_of_masks_does_not_matter() =>
        Gen.Select(TestMasks.Pairs, Gen.Int).Sample((pair, seed) =>
            SoftDice.Compute(pair.Samples, pair.Annotations)
            == SoftDice.Compute(TestMasks.Shuffled(pair.Samples, seed), TestMasks.Shuffled(pair.Annotations, seed)));

    [Test]
    public void Each_threshold_is_scored_by_itself()
    {
        double[] scores = SoftDice.PerThreshold([0.2f, 0.8f], TestMasks.DrawSet("##", ".#"), [0.1, 0.5, 0.75]);

        Assert.That(scores, Is.EqualTo(new[] { 1, 1, 1.0 }));
        Assert.That(SoftDice.PerThreshold([0.2f, 0.8f], TestMasks.DrawSet("##", ".#"), [0.3, 0.9]), Is.EqualTo(new[] { 2.0 / 3, 0 }));
    }

    [TestCase(-0.1)]
    [TestCase(1)]
    [TestCase(double.NaN)]
    public void Threshold_out_of_range_is_refused(double threshold) =>
        Assert.That(
            () => SoftDice.PerThreshold([0.2f], TestMasks.DrawSet("#"), [threshold]),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("it must be at least 0 and less than 1"));

    [Test]
    public void No_threshold_is_refused() =>
        Assert.That(() => SoftDice.PerThreshold([0.2f], TestMasks.DrawSet("#"), []), Throws.ArgumentException);

    [Test]
    public void Number_of_probabilities_that_does_not_fit_is_refused() =>
        Assert.That(
            () => SoftDice.Compute(new float[5], 2, TestMasks.DrawSet("##")),
            Throws.ArgumentException.With.Message.StartsWith("There are 5 probabilities; 2 samples of 1x2 need 4."));

    [Test]
    public void No_sample_is_refused() =>
        Assert.That(() => SoftDice.Compute([], 0, TestMasks.DrawSet("##")), Throws.TypeOf<ArgumentOutOfRangeException>());

    private static IEnumerable<float> ToProbabilities(BitMask mask) =>
        Enumerable.Range(0, mask.PixelCount).Select(i => mask[i / mask.Width, i % mask.Width] ? 1f : 0f);

    private static float Mean(float[] probabilities, int pixel, int pixels)
    {
        float sum = 0;
        for (int i = pixel; i < probabilities.Length; i += pixels)
        {
            sum += probabilities[i];
        }

        return sum / (probabilities.Length / pixels);
    }
}
