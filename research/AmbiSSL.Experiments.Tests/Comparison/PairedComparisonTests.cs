using AmbiSSL.Experiments.Comparison;
using AmbiSSL.Experiments.Results;

namespace AmbiSSL.Experiments.Tests.Comparison;

[TestFixture]
public sealed class PairedComparisonTests
{
    [Test]
    public void Scores_are_averaged_over_seeds_and_only_runs_that_both_have_are_paired()
    {
        var comparison = Compare([(0.4, 0.2), (0.6, 0.2), (9, 9)], [(0.1, 0.1), (0.1, 0.1)]);

        // Image 1: (0.4 + 0.6) / 2 - 0.1 = 0.4; image 2: 0.1.
        Assert.That(comparison.Difference(Figure.Ged, 1).Mean, Is.EqualTo(0.25).Within(1e-12));
        Assert.That((comparison.Images, comparison.Subjects, comparison.Seeds), Is.EqualTo((2, 2, 2)));
    }

    [Test]
    public void Runs_on_different_images_are_not_compared()
    {
        var scores = new[] { HandMade.Score(1, 1, 1, 0.1), HandMade.Score(2, 1, 9, 0.1) }.ToLookup(score => score.Run);

        Assert.That(() => new PairedComparison([HandMade.Run()], [HandMade.Run(run: 2)], scores), Throws.TypeOf<InvalidDataException>());
    }

    [Test]
    public void Runs_of_no_fold_and_seed_in_common_are_not_compared()
    {
        var none = Array.Empty<ScoreRow>().ToLookup(score => score.Run);

        Assert.That(() => new PairedComparison([HandMade.Run()], [HandMade.Run(seed: 2)], none), Throws.TypeOf<Cli.UsageException>());
    }

    [Test]
    public void One_seed_a_fold_tells_nothing_of_trainings()
    {
        Assert.That(Compare([(0.4, 0.2)], [(0.1, 0.1)]).DifferenceOverTrainings(Figure.Ged, 1), Is.Null);
    }

    [Test]
    public void Trainings_that_agree_leave_the_interval_over_patients_and_those_that_do_not_widen_it()
    {
        static ScoreInterval Over(double second) =>
            Compare([(0.3, 0.1), (second, second - 0.2)], [(0, 0), (0, 0)]).DifferenceOverTrainings(Figure.Ged, 1)!.Value;

        Assert.That(Over(0.3).Low, Is.EqualTo(0.1).Within(1e-12));
        Assert.That(Over(0.3).High, Is.EqualTo(0.3).Within(1e-12));
        Assert.That(Over(0.5).High - Over(0.5).Low, Is.GreaterThan(0.3));
    }

    /// <summary>Seeds of two rows, each with the GED of two images of two patients.</summary>
    private static PairedComparison Compare((double First, double Second)[] a, (double First, double Second)[] b)
    {
        RunRow[] runs = [.. a.Concat(b).Select((_, i) => HandMade.Run(seed: i < a.Length ? i : i - a.Length, run: i + 1))];
        var scores = a.Concat(b).SelectMany((ged, i) => new[] { HandMade.Score(i + 1, 1, 1, ged.First), HandMade.Score(i + 1, 2, 2, ged.Second) });
        return new PairedComparison(runs[..a.Length], runs[a.Length..], scores.ToLookup(score => score.Run));
    }
}
