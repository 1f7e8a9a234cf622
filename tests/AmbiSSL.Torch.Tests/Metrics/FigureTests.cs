using System.Reflection;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Metrics;

public sealed class FigureTests
{
    private static readonly (string Name, string Title, string Range, FigureDirection Better, string Source)[] Table =
    [
        ("Ged", "GED", "0 to 2", FigureDirection.Smaller, "eq. 22"),
        ("DiceSoft", "Dice soft", "0 to 1", FigureDirection.Larger, "eq. 23"),
        ("DiceMax", "Dice max", "0 to 1", FigureDirection.Larger, "section 4.4"),
        ("DiceMatch", "Dice match", "0 to 1", FigureDirection.Larger, "section 4.4"),
        ("OracleDice", "oracle Dice", "0 to 1", FigureDirection.Larger, "not in the paper"),
        ("ExpectedCalibrationError", "expected calibration error", "0 to 1", FigureDirection.Smaller, "Guo et al. 2017"),
        ("Brier", "Brier score", "0 to 1", FigureDirection.Smaller, "Brier 1950"),
        ("SampleDiversity", "distance between samples", "0 to 1", FigureDirection.LikeExperts, "part of eq. 22"),
        ("ExpertDiversity", "distance between experts", "0 to 1", FigureDirection.None, "part of eq. 22"),
        ("DisagreementCorrelation", "correlation of disagreement", "-1 to 1", FigureDirection.Larger, "not in the paper"),
        ("MatchedIou", "matched IoU", "0 to 1", FigureDirection.Larger, "Kohl et al. 2019"),
        ("Ged10", "GED of 10 samples", "0 to 2", FigureDirection.Smaller, "eq. 22"),
        ("Ged16", "GED of 16 samples", "0 to 2", FigureDirection.Smaller, "eq. 22"),
        ("Ged50", "GED of 50 samples", "0 to 2", FigureDirection.Smaller, "eq. 22"),
        ("Ged100", "GED of 100 samples", "0 to 2", FigureDirection.Smaller, "eq. 22"),
        ("NormalizedCrossCorrelation", "cross-correlation of maps", "-1 to 1", FigureDirection.Larger, "Baumgartner et al. 2019"),
        ("AdaptiveCalibrationError", "adaptive calibration error", "0 to 1", FigureDirection.Smaller, "Nixon et al. 2019"),
        ("CollectiveInsight", "collective insight", "0 to 1", FigureDirection.Larger, "Rahman et al. 2023"),
        ("AreaScore", "CRPS of the area", "0 or more", FigureDirection.Smaller, "Gneiting and Raftery 2007"),
        ("LesionF1", "F1 of lesions", "0 to 1", FigureDirection.Larger, "Kuijf et al. 2019"),
        ("LesionShareError", "error of lesions' shares", "0 to 1", FigureDirection.Smaller, "not in the paper"),
        ("ConsensusDice", "Dice of the consensus", "0 to 1", FigureDirection.Larger, "Dice 1945"),
        ("ConsensusDiceMajority", "Dice, consensus and majority", "0 to 1", FigureDirection.Larger, "Dice 1945"),
        ("ConsensusHausdorffMajority", "Hausdorff 95, consensus and majority", "0 or more", FigureDirection.Smaller, "MONAI"),
        ("ConsensusSurfaceDiceMajority", "surface Dice, consensus and majority", "0 to 1", FigureDirection.Larger, "Nikolov et al. 2021"),
        ("ConsensusDiceStaple", "Dice, consensus and STAPLE", "0 to 1", FigureDirection.Larger, "Warfield et al. 2004"),
        ("ConsensusHausdorffStaple", "Hausdorff 95, consensus and STAPLE", "0 or more", FigureDirection.Smaller, "Warfield et al. 2004"),
        ("ConsensusSurfaceDiceStaple", "surface Dice, consensus and STAPLE", "0 to 1", FigureDirection.Larger, "Warfield et al. 2004"),
        ("RiskCoverageArea", "area under risk-coverage", "0 to 1", FigureDirection.Smaller, "Geifman and El-Yaniv 2017"),
        ("RiskCoverageExcess", "excess of risk-coverage", "0 to 1", FigureDirection.Smaller, "Geifman et al. 2019"),
    ];

    [Test]
    public void The_table_is_this() => Assert.That(
        Figure.All.Select(figure => (figure.Name, figure.Title, figure.Range, figure.Better, figure.Source)), Is.EqualTo(Table));

    [Test]
    public void Every_figure_has_a_property_of_its_name() => Assert.That(
        typeof(Figure).GetProperties(BindingFlags.Public | BindingFlags.Static).Where(property => property.PropertyType == typeof(Figure))
            .Select(property => (property.Name, property.GetValue(null))),
        Is.EquivalentTo(Figure.All.Select(figure => (figure.Name, (object)figure))));

    [Test]
    public void Images_have_every_figure_but_those_over_images() => Assert.That(
        Figure.All.Where(figure => !figure.IsPerImage),
        Is.EqualTo((Figure[])[Figure.DisagreementCorrelation, Figure.RiskCoverageArea, Figure.RiskCoverageExcess]));

    [Test]
    public void The_usual_figures_are_the_first_ten() => Assert.That(Figure.Usual, Is.EqualTo(Figure.All.Take(10)));

    [Test]
    public void It_says_what_it_is() => Assert.That(Figure.Ged.ToString(), Is.EqualTo("GED (eq. 22), 0 to 2"));
}
