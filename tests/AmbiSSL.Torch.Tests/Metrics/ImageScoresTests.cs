using AmbiSSL.Torch.Metrics;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Metrics;

public sealed class ImageScoresTests
{
    [Test]
    public void Each_score_is_that_of_its_metric()
    {
        byte[] samples = [1, 1, 0, 0, 1, 0, 0, 0, 1, 1, 1, 0];
        byte[] annotations = [1, 1, 0, 0, 0, 1, 1, 0];
        float[] mean = [1, 2f / 3, 1f / 3, 0];
        BitMask[] predicted = BitMask.SetFromBytes(samples, 2, 2);
        BitMask[] experts = BitMask.SetFromBytes(annotations, 2, 2);

        var scores = ImageScores.Compute(samples, mean, annotations, 2, 2);

        var expected = new Dictionary<Figure, double>
        {
            [Figure.Ged] = GeneralizedEnergyDistance.VStatistic(predicted, experts),
            [Figure.DiceSoft] = SoftDice.Compute(mean, experts),
            [Figure.DiceMax] = SetDice.Max(predicted, experts),
            [Figure.DiceMatch] = SetDice.Match(predicted, experts),
            [Figure.OracleDice] = SetDice.Oracle(predicted, experts),
            [Figure.ExpectedCalibrationError] = Calibration.ExpectedCalibrationError(mean, experts),
            [Figure.Brier] = Calibration.BrierScore(mean, experts),
            [Figure.SampleDiversity] = PairwiseDistance.WithinDistinct(predicted),
            [Figure.ExpertDiversity] = PairwiseDistance.WithinDistinct(experts),
        };
        Assert.That(Figure.Usual.Where(figure => figure.IsPerImage).ToDictionary(figure => figure, figure => scores[figure]), Is.EqualTo(expected));
    }

    [Test]
    public void Perfect_prediction_has_perfect_scores()
    {
        byte[] masks = [1, 1, 0, 0, 1, 0, 0, 0];

        var scores = ImageScores.Compute(masks, [1, 0.5f, 0, 0], masks, 2, 2);

        Assert.That((scores[Figure.Ged], scores[Figure.DiceSoft], scores[Figure.DiceMax], scores[Figure.DiceMatch]), Is.EqualTo((0.0, 1.0, 1.0, 1.0)));
        Assert.That((scores[Figure.ExpectedCalibrationError], scores[Figure.Brier]), Is.EqualTo((0.0, 0.0)));
        Assert.That((scores[Figure.SampleDiversity], scores[Figure.ExpertDiversity]), Is.EqualTo((0.5, 0.5)));
    }

    [Test]
    public void Convention_for_empty_masks_reaches_the_distances()
    {
        var scores = ImageScores.Compute([0, 0], [0], [0, 0], 1, 1, EmptyMaskConvention.IouIsZero);

        Assert.That((scores[Figure.SampleDiversity], scores[Figure.ExpertDiversity], scores[Figure.DiceMatch]), Is.EqualTo((1.0, 1.0, 1.0)));
    }

    [Test]
    public void Diversity_of_a_single_mask_is_undefined()
    {
        var scores = ImageScores.Compute([1], [1], [1], 1, 1);

        Assert.That(scores[Figure.SampleDiversity], Is.NaN);
        Assert.That(scores[Figure.ExpertDiversity], Is.NaN);
    }

    [Test]
    public void Image_without_annotations_is_refused() =>
        Assert.That(
            () => ImageScores.Compute([1], [1], [], 1, 1),
            Throws.ArgumentException.With.Message.StartsWith("There are 0 masks in annotations; this metric needs at least 1."));

    [Test]
    public void Values_that_are_not_whole_masks_are_refused_by_their_name() =>
        Assert.That(
            () => ImageScores.Compute([1, 0], [1, 0], [1, 0, 1], 1, 2),
            Throws.ArgumentException.With.Message.EqualTo(
                "There are 3 values, not a multiple of 1x2 = 2. Give whole maps, one after the other. (Parameter 'annotations')"));

    [Test]
    public void A_figure_that_is_not_known_is_not_a_number() =>
        Assert.That(new ImageScores([KeyValuePair.Create(Figure.Ged, 0.25)])[Figure.Brier], Is.NaN);

    [Test]
    public void A_figure_over_images_is_refused()
    {
        const string Message = "DisagreementCorrelation is computed over images, and no image has it; ask the ScoreSummary of several.";
        var scores = ImageScores.Compute([1], [1], [1], 1, 1);

        Assert.That(() => scores[Figure.DisagreementCorrelation], Throws.ArgumentException.With.Message.StartsWith(Message));
        Assert.That(
            () => new ImageScores([KeyValuePair.Create(Figure.DisagreementCorrelation, 1.0)]), Throws.ArgumentException.With.Message.StartsWith(Message));
    }
}
