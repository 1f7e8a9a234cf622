using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Metrics;

public sealed class ScoreAverageTests
{
    [Test]
    public void Deviation_is_that_of_a_sample() =>
        Assert.That(ScoreAverage.Of([1, 2, 3]), Is.EqualTo(new ScoreAverage(2, 1, 3)));

    [Test]
    public void Missing_scores_are_left_out() =>
        Assert.That(ScoreAverage.Of([1, double.NaN, 3]), Is.EqualTo(new ScoreAverage(2, Math.Sqrt(2), 2)));

    [Test]
    public void Single_score_has_no_deviation() =>
        Assert.That(ScoreAverage.Of([4]), Is.EqualTo(new ScoreAverage(4, double.NaN, 1)));

    [Test]
    public void No_score_has_no_mean() =>
        Assert.That(ScoreAverage.Of([double.NaN]), Is.EqualTo(new ScoreAverage(double.NaN, double.NaN, 0)));
}
