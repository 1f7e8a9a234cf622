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
    public void Images_have_every_figure_but_those_over_images() =>
        Assert.That(Figure.PerImage, Is.EqualTo(Figure.All.Where(figure => figure != Figure.DisagreementCorrelation)));

    [Test]
    public void It_says_what_it_is() => Assert.That(Figure.Ged.ToString(), Is.EqualTo("GED (eq. 22), 0 to 2"));
}
