using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Metrics;

public sealed class AmbiguousSegmentationScoresTests
{
    [Test]
    public void Each_score_is_that_of_its_metric()
    {
        byte[] samples = [1, 1, 0, 0, 1, 0, 0, 0, 1, 1, 1, 0];
        byte[] annotations = [1, 1, 0, 0, 0, 1, 1, 0];
        float[] mean = [1, 2f / 3, 1f / 3, 0];
        BitMask[] predicted = BitMask.SetFromBytes(samples, 2, 2);
        BitMask[] experts = BitMask.SetFromBytes(annotations, 2, 2);

        var scores = AmbiguousSegmentationScores.Compute(samples, mean, annotations, 2, 2);

        Assert.That(scores, Is.EqualTo(new AmbiguousSegmentationScores
        {
            Ged = GeneralizedEnergyDistance.VStatistic(predicted, experts),
            DiceSoft = SoftDice.Compute(mean, experts),
            DiceMax = SetDice.Max(predicted, experts),
            DiceMatch = SetDice.Match(predicted, experts),
            OracleDice = SetDice.Oracle(predicted, experts),
            ExpectedCalibrationError = Calibration.ExpectedCalibrationError(mean, experts),
            Brier = Calibration.BrierScore(mean, experts),
            SampleDiversity = PairwiseDistance.WithinDistinct(predicted),
            ExpertDiversity = PairwiseDistance.WithinDistinct(experts),
        }));
    }

    [Test]
    public void Perfect_prediction_has_perfect_scores()
    {
        byte[] masks = [1, 1, 0, 0, 1, 0, 0, 0];

        var scores = AmbiguousSegmentationScores.Compute(masks, [1, 0.5f, 0, 0], masks, 2, 2);

        Assert.That((scores.Ged, scores.DiceSoft, scores.DiceMax, scores.DiceMatch), Is.EqualTo((0.0, 1.0, 1.0, 1.0)));
        Assert.That((scores.ExpectedCalibrationError, scores.Brier), Is.EqualTo((0.0, 0.0)));
        Assert.That((scores.SampleDiversity, scores.ExpertDiversity), Is.EqualTo((0.5, 0.5)));
    }

    [Test]
    public void Convention_for_empty_masks_reaches_the_distances()
    {
        var scores = AmbiguousSegmentationScores.Compute([0, 0], [0], [0, 0], 1, 1, EmptyMaskConvention.IouIsZero);

        Assert.That((scores.SampleDiversity, scores.ExpertDiversity, scores.DiceMatch), Is.EqualTo((1.0, 1.0, 1.0)));
    }

    [Test]
    public void Diversity_of_a_single_mask_is_undefined()
    {
        var scores = AmbiguousSegmentationScores.Compute([1], [1], [1], 1, 1);

        Assert.That(scores.SampleDiversity, Is.NaN);
        Assert.That(scores.ExpertDiversity, Is.NaN);
    }

    [Test]
    public void Image_without_annotations_is_refused() =>
        Assert.That(
            () => AmbiguousSegmentationScores.Compute([1], [1], [], 1, 1),
            Throws.ArgumentException.With.Message.StartsWith("There are 0 masks in annotations; this metric needs at least 1."));

    [Test]
    public void Values_that_are_not_whole_masks_are_refused_by_their_name() =>
        Assert.That(
            () => AmbiguousSegmentationScores.Compute([1, 0], [1, 0], [1, 0, 1], 1, 2),
            Throws.ArgumentException.With.Message.EqualTo(
                "There are 3 values, not a multiple of 1x2 = 2. Give whole maps, one after the other. (Parameter 'annotations')"));
}
