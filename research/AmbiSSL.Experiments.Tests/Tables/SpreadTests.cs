using AmbiSSL.Experiments.Tables;

namespace AmbiSSL.Experiments.Tests.Tables;

[TestFixture]
public sealed class SpreadTests
{
    [Test]
    public void Seeds_of_a_fold_are_averaged_before_folds_are()
    {
        // Fold 0: (0.1 + 0.3) / 2 = 0.2; fold 1: 0.4. Mean 0.3, deviation sqrt(2 * 0.1^2 / 1) = 0.1414.
        var spread = Spread.Of([HandMade.Run(0.1, 0, 1), HandMade.Run(0.3, 0, 2), HandMade.Run(0.4, 1, 1)], Figure.Ged);

        Assert.That(spread.Mean, Is.EqualTo(0.3).Within(1e-12));
        Assert.That(spread.Deviation, Is.EqualTo(Math.Sqrt(0.02)).Within(1e-12));
    }

    [Test]
    public void The_deviation_of_one_fold_is_that_over_its_seeds()
    {
        Assert.That(Spread.Of([HandMade.Run(0.1, 0, 1), HandMade.Run(0.3, 0, 2)], Figure.Ged).Deviation, Is.EqualTo(Math.Sqrt(0.02)).Within(1e-12));
    }

    [Test]
    public void A_figure_that_a_run_has_not_is_not_a_number()
    {
        Assert.That(Spread.Of([HandMade.Run()], Figure.Brier).Mean, Is.NaN);
        Assert.That(Spread.Of([HandMade.Run()], Figure.OracleDice).Mean, Is.NaN);
    }
}
