using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Metrics;

public sealed class ScoreSummaryTests
{
    [Test]
    public void Each_score_is_averaged_over_images()
    {
        var summary = ScoreSummary.Of([Scores(1), Scores(2), Scores(3)]);

        Assert.That(summary, Is.EqualTo(new ScoreSummary
        {
            Count = 3,
            Ged = new ScoreAverage(2, 1, 3),
            DiceSoft = new ScoreAverage(12, 1, 3),
            DiceMax = new ScoreAverage(22, 1, 3),
            DiceMatch = new ScoreAverage(32, 1, 3),
            OracleDice = new ScoreAverage(42, 1, 3),
            ExpectedCalibrationError = new ScoreAverage(52, 1, 3),
            Brier = new ScoreAverage(62, 1, 3),
            SampleDiversity = new ScoreAverage(72, 1, 3),
            ExpertDiversity = new ScoreAverage(82, 1, 3),
            DisagreementCorrelation = summary.DisagreementCorrelation,
        }));
        Assert.That(summary.DisagreementCorrelation, Is.EqualTo(1).Within(1e-12));
    }

    [Test]
    public void Image_of_one_expert_counts_for_all_but_disagreement()
    {
        var summary = ScoreSummary.Of([Scores(1), Scores(2), Scores(3) with { ExpertDiversity = double.NaN }]);

        Assert.That((summary.Ged.Count, summary.ExpertDiversity.Count), Is.EqualTo((3, 2)));
        Assert.That(summary.DisagreementCorrelation, Is.EqualTo(1).Within(1e-12));
    }

    [Test]
    public void No_image_is_refused() =>
        Assert.That(
            () => ScoreSummary.Of([]),
            Throws.ArgumentException.With.Message.StartsWith("There are scores of 0 images; at least 1 is needed."));

    private static AmbiguousSegmentationScores Scores(double value) => new()
    {
        Ged = value,
        DiceSoft = value + 10,
        DiceMax = value + 20,
        DiceMatch = value + 30,
        OracleDice = value + 40,
        ExpectedCalibrationError = value + 50,
        Brier = value + 60,
        SampleDiversity = value + 70,
        ExpertDiversity = value + 80,
    };
}
