using AmbiSSL.Experiments.Results;
using AmbiSSL.Experiments.Tables;

namespace AmbiSSL.Experiments.Tests.Tables;

[TestFixture]
public sealed class MarkdownTableTests
{
    [Test]
    public void Rows_follow_the_paper_then_other_runs_by_name()
    {
        var rows = Lines(
            HandMade.Run(name: "zebra"), HandMade.Run(name: "ablation"), HandMade.Run(), HandMade.Run(name: "prob-unet", labeled: 0.05),
            HandMade.Run(name: "upper-bound", labeled: 1)).Where(line => line.StartsWith('|')).Skip(3);

        Assert.That(rows.Select(row => row.Split('|')[1].Trim()), Is.EqualTo(new[] { "Upper bound", "Prob. U-Net", "AmbiSSL", "ablation", "zebra" }));
    }

    [Test]
    public void Our_figures_stand_beside_those_of_the_paper_and_dashes_for_what_is_missing()
    {
        var lines = Lines(HandMade.Run(0.1), HandMade.Run(0.3, fold: 1), HandMade.Run(0.25, labeled: 0.05, name: "other"));

        Assert.Multiple(() =>
        {
            Assert.That(lines, Has.Member("| labeled | 5 % |  |  |  |  |  |  |  | 10 % |  |  |  |  |  |  |  |"));
            Assert.That(lines, Has.Member(
                "| AmbiSSL | – | – | – | – | – | – | – | – | 0.2000 ± 0.1414 (0.1620) | 87.50 ± 0.00 (89.86) | 90.00 ± 0.00 (90.03) "
                + "| 89.00 ± 0.00 (89.84) | 2 × 1 | 100 | 1.5 | 300 |"));
            Assert.That(lines, Has.Member("| other | 0.2500 | 87.50 | 90.00 | 89.00 | 1 × 1 | 100 | 1.5 | 300 | – | – | – | – | – | – | – | – |"));
            Assert.That(lines.Where(line => line.StartsWith('|')).Select(line => line.Count(letter => letter == '|')), Is.All.EqualTo(18));
        });
    }

    [Test]
    public void The_caption_says_how_many_samples_there_are_and_how_they_are_drawn()
    {
        var spread = HandMade.Run(settings: """{"CodeSampling":"QuasiRandom"}""");
        var nothingDrawn = HandMade.Run() with { Method = "cm-pixel" };

        string Caption(params RunRow[] runs) => Lines(runs)[2].Split("; ")[0];

        Assert.Multiple(() =>
        {
            Assert.That(Caption(HandMade.Run()), Is.EqualTo("10 samples an image, independent of each other"));
            Assert.That(Caption(spread, nothingDrawn), Is.EqualTo("10 samples an image, spread evenly"));
            Assert.That(Caption(spread, HandMade.Run()), Is.EqualTo("10 samples an image, in some runs independent, in others spread evenly"));
            Assert.That(Caption(nothingDrawn), Is.EqualTo("10 samples an image"));
            Assert.That(Caption(spread, spread with { Samples = 4 }), Is.EqualTo("Numbers of samples differ from run to run, spread evenly"));
        });
    }

    [Test]
    public void Columns_may_be_other_figures_and_those_that_a_run_has_not_are_missing()
    {
        var lines = MarkdownTable.Write([HandMade.Run(0.1)], "lidc", [Figure.Ged, Figure.ConsensusDiceMajority, Figure.Brier]).Split('\n');

        Assert.That(
            lines,
            Has.Member("| **method** | **GED** | **Dice, consensus and majority** | **Brier score** | **runs** | **steps** | **minutes** | **MiB** |"));
        Assert.That(lines, Has.Member("| AmbiSSL | 0.1000 (0.1620) | – | – | 1 × 1 | 100 | 1.5 | 300 |"));
    }

    [Test]
    public void Validation_is_a_table_of_its_own()
    {
        var lines = Lines(HandMade.Run(0.9, validation: 0.25), HandMade.Run(0.1));

        Assert.That(
            lines.Where(line => line.StartsWith("##", StringComparison.Ordinal) || line.StartsWith("| AmbiSSL", StringComparison.Ordinal))
                .Select(line => line[..14]),
            Is.EqualTo(new[] { "## Held-out fo", "| AmbiSSL | 0.", "## Validation ", "| AmbiSSL | 0." }));
    }

    [Test]
    public void Each_class_has_a_table_after_that_of_their_mean_and_no_figure_of_the_paper()
    {
        var lines = Lines(HandMade.Run() with { Figures = """{"ged":0.2,"diceSoft":0.5,"inner_core_ged":0.1,"inner_core_diceSoft":0.25,"rim_ged":0.3,"rim_diceSoft":0.75}""" });

        Assert.That(
            lines.Where(line => line.StartsWith("##", StringComparison.Ordinal)),
            Is.EqualTo(new[] { "## Held-out folds", "## Held-out folds, inner_core", "## Held-out folds, rim" }));
        Assert.That(
            lines.Where(line => line.StartsWith("| AmbiSSL", StringComparison.Ordinal)).Select(line => string.Join(';', line.Split('|')[1..4])),
            Is.EqualTo((string[])[" AmbiSSL ; 0.2000 (0.1620) ; 50.00 (89.86) ", " AmbiSSL ; 0.1000 ; 25.00 ", " AmbiSSL ; 0.3000 ; 75.00 "]));
    }

    [Test]
    public void Rows_of_one_name_and_two_settings_are_told_apart_by_their_hash()
    {
        RunRow[] runs = [HandMade.Run(settings: """{"Beta":1}"""), HandMade.Run(settings: """{"Beta":2}""")];

        Assert.That(Lines(runs).Where(line => line.StartsWith("| AmbiSSL", StringComparison.Ordinal)).Select(line => line.Split(' ')[1]),
            Is.EquivalentTo(runs.Select(run => $"AmbiSSL-{run.Hash}")));
    }

    [Test]
    public void In_no_row_of_the_paper_is_match_above_max_and_each_share_has_nine_methods()
    {
        Assert.That(PaperFigures.Rows.Where(row => row.DiceMatch > row.DiceMax), Is.Empty);
        Assert.That(
            PaperFigures.Rows.GroupBy(row => (row.DataSet, row.Labeled)).Select(group => (group.Key.DataSet, group.Key.Labeled, group.Count())),
            Is.EqualTo(new[] { ("lidc", 1, 1), ("lidc", 0.05, 9), ("lidc", 0.1, 9), ("isic", 1, 1), ("isic", 0.1, 9), ("isic", 0.2, 9) }));
        Assert.That(PaperFigures.Rows.Select(row => row.Method).Distinct(), Is.SubsetOf(PaperFigures.Order.Select(row => row.Name)));
    }

    private static string[] Lines(params RunRow[] runs) => MarkdownTable.Write(runs, "lidc", MarkdownTable.PaperColumns).Split('\n');
}
