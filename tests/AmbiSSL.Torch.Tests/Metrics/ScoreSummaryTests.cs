using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Metrics;

public sealed class ScoreSummaryTests
{
    private static readonly Figure[] OfImages = [.. Figure.Usual.Where(figure => figure.IsPerImage)];

    [Test]
    public void Each_figure_is_averaged_over_images()
    {
        var summary = ScoreSummary.Of([Scores(1), Scores(2), Scores(3)]);

        Assert.That(summary.Count, Is.EqualTo(3));
        Assert.That(
            OfImages.Select(figure => summary[figure]),
            Is.EqualTo(OfImages.Select((_, place) => new ScoreAverage((10 * place) + 2, 1, 3))));
    }

    [Test]
    public void A_figure_over_images_stands_as_a_mean_without_deviation()
    {
        var correlation = ScoreSummary.Of([Scores(1), Scores(2), Scores(3)])[Figure.DisagreementCorrelation];

        Assert.That(correlation.Mean, Is.EqualTo(1).Within(1e-12));
        Assert.That((correlation.StandardDeviation, correlation.Count), Is.EqualTo((double.NaN, 3)));
    }

    [Test]
    public void Image_of_one_expert_counts_for_all_but_disagreement()
    {
        var summary = ScoreSummary.Of([Scores(1), Scores(2), Scores(3, except: Figure.ExpertDiversity)]);

        Assert.That((summary[Figure.Ged].Count, summary[Figure.ExpertDiversity].Count), Is.EqualTo((3, 2)));
        Assert.That(summary[Figure.DisagreementCorrelation].Mean, Is.EqualTo(1).Within(1e-12));
    }

    [Test]
    public void Averages_that_are_known_are_given_back_and_others_are_of_no_image()
    {
        var ged = new ScoreAverage(0.25, 0.125, 5);
        var summary = new ScoreSummary(6, [KeyValuePair.Create(Figure.Ged, ged)]);

        Assert.That((summary.Count, summary[Figure.Ged]), Is.EqualTo((6, ged)));
        Assert.That(summary[Figure.Brier], Is.EqualTo(new ScoreAverage(double.NaN, double.NaN, 0)));
    }

    [Test]
    public void It_has_the_figures_that_were_asked_for() => Assert.That(
        (ScoreSummary.Of([Scores(1)]).Figures, ScoreSummary.Of([Scores(1)], [Figure.Brier, Figure.Ged, Figure.Ged]).Figures),
        Is.EqualTo((Figure.Usual, (IReadOnlyList<Figure>)[Figure.Ged, Figure.Brier])).AsCollection);

    [Test]
    public void No_image_is_refused() =>
        Assert.That(
            () => ScoreSummary.Of([]),
            Throws.ArgumentException.With.Message.StartsWith("There are scores of 0 images; at least 1 is needed."));

    /// <summary>The first figure has the value, each further one ten more.</summary>
    private static ImageScores Scores(double value, Figure? except = null) => new(
        OfImages.Select((figure, place) => KeyValuePair.Create(figure, value + (10 * place))).Where(score => score.Key != except));
}
