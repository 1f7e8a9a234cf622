using AmbiSSL.Torch.Metrics;
using CsCheck;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Metrics;

public sealed class CalibrationTests
{
    private static readonly BitMask[] Experts = TestMasks.DrawSet("##..", "#...");

    [Test]
    public void Share_of_the_experts_is_a_perfect_forecast()
    {
        Assert.That(Calibration.ExpectedCalibrationError([1, 0.5f, 0, 0], Experts), Is.Zero);
        Assert.That(Calibration.BrierScore([1, 0.5f, 0, 0], Experts), Is.Zero);
    }

    [Test]
    public void Forecast_of_the_opposite_has_the_largest_error()
    {
        BitMask[] agreed = TestMasks.DrawSet("##..", "##..");

        Assert.That(Calibration.ExpectedCalibrationError([0, 0, 1, 1], agreed), Is.EqualTo(1));
        Assert.That(Calibration.BrierScore([0, 0, 1, 1], agreed), Is.EqualTo(1));
    }

    [Test]
    public void Brier_score_is_the_mean_squared_difference_from_the_share_of_votes() =>
        Assert.That(
            Calibration.BrierScore([0.5f, 0.25f, 0.5f, 0], Experts), Is.EqualTo((0.25 + 0.0625 + 0.25) / 4).Within(1e-15));

    [Test]
    public void Errors_within_a_bin_cancel() =>
        Assert.That(Calibration.ExpectedCalibrationError([0.5f, 0.5f, 0.5f, 0.5f], TestMasks.DrawSet("##..")), Is.Zero);

    [Test]
    public void Errors_of_different_bins_add() =>
        Assert.That(
            Calibration.ExpectedCalibrationError([0.25f, 0.25f, 0.75f, 0.75f], TestMasks.DrawSet("##.."), bins: 2),
            Is.EqualTo(0.75).Within(1e-15));

    [Test]
    public void Lower_edge_belongs_to_its_bin() =>
        Assert.That(
            Calibration.ExpectedCalibrationError([0.5f, 1], TestMasks.DrawSet("#."), bins: 2), Is.EqualTo(0.25).Within(1e-15));

    [Test]
    public void Calibration_error_over_one_bin_is_the_difference_of_the_means() =>
        Assert.That(
            Calibration.ExpectedCalibrationError([0.25f, 0.5f, 0.75f, 1], Experts, bins: 1), Is.EqualTo(0.25).Within(1e-15));

    [Test]
    public void Order_of_annotations_does_not_matter() =>
        Gen.Select(TestMasks.Pairs, Gen.Int).Sample((pair, seed) =>
        {
            float[] probability = [.. Enumerable.Range(0, pair.Samples[0].PixelCount).Select(i => i % 11 / 10f)];
            BitMask[] shuffled = TestMasks.Shuffled(pair.Annotations, seed);
            return Calibration.BrierScore(probability, pair.Annotations) == Calibration.BrierScore(probability, shuffled)
                && Calibration.ExpectedCalibrationError(probability, pair.Annotations)
                    == Calibration.ExpectedCalibrationError(probability, shuffled);
        });

    [TestCase(-0.01f)]
    [TestCase(1.01f)]
    [TestCase(float.NaN)]
    public void Probability_out_of_range_is_refused(float probability) =>
        Assert.That(
            () => Calibration.BrierScore([probability], TestMasks.DrawSet("#")),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("it must be 0 to 1. Give probabilities, not logits."));

    [Test]
    public void Number_of_bins_below_one_is_refused() =>
        Assert.That(
            () => Calibration.ExpectedCalibrationError([1], TestMasks.DrawSet("#"), bins: 0),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("The number of bins is 0; it must be at least 1."));
}
