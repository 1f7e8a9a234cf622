using AmbiSSL.Cli.Experiments;

namespace AmbiSSL.Cli.Tests.Experiments;

[TestFixture]
public sealed class ResultTableTests
{
    [Test]
    public void Seeds_of_a_fold_are_averaged_before_folds_are()
    {
        // Fold 0: (0.1 + 0.3) / 2 = 0.2; fold 1: 0.4. Mean 0.3, deviation sqrt(2 * 0.1^2 / 1) = 0.1414.
        var cell = Cell(HandMade.Result(0.1, 0, 1), HandMade.Result(0.3, 0, 2), HandMade.Result(0.4, 1, 1));

        Assert.Multiple(() =>
        {
            Assert.That(cell.Ged.Mean, Is.EqualTo(0.3).Within(1e-12));
            Assert.That(cell.Ged.Deviation, Is.EqualTo(Math.Sqrt(0.02)).Within(1e-12));
            Assert.That((cell.Folds, cell.Seeds, cell.Runs), Is.EqualTo((2, 2, 3)));
        });
    }

    [Test]
    public void The_deviation_of_one_fold_is_that_over_its_seeds()
    {
        var cell = Cell(HandMade.Result(0.1, 0, 1), HandMade.Result(0.3, 0, 2));

        Assert.That(cell.Ged.Deviation, Is.EqualTo(Math.Sqrt(0.02)).Within(1e-12));
    }

    [Test]
    public void Rows_follow_the_paper_then_other_runs_by_name_and_labelled_shares_are_groups_of_columns()
    {
        var table = ResultTable.Of(
        [
            HandMade.Result(0.2, name: "zebra"),
            HandMade.Result(0.2, name: "ablation"),
            HandMade.Result(0.2),
            HandMade.Result(0.2, name: "prob-unet", method: "prob-unet", labeled: 0.05),
            HandMade.Result(0.2, name: "upper-bound", labeled: 1),
        ]).Single();

        Assert.That(table.Rows.Select(row => row.Label), Is.EqualTo(new[] { "Upper bound", "Prob. U-Net", "AmbiSSL", "ablation", "zebra" }));
        Assert.That(table.Groups.Select(ResultTable.Heading), Is.EqualTo(new[] { "5 %", "10 %", "100 %" }));
    }

    [Test]
    public void Markdown_has_our_figures_beside_those_of_the_paper_and_dashes_for_what_is_missing()
    {
        var tables = ResultTable.Of([HandMade.Result(0.1), HandMade.Result(0.3, 1), HandMade.Result(0.25, labeled: 0.05, name: "other")]);

        var lines = MarkdownTable.Write(tables, "lidc").Split('\n');

        Assert.Multiple(() =>
        {
            Assert.That(lines, Has.Member("| labelled | 5 % | | | | | | | | 10 % | | | | | | | |"));
            Assert.That(lines, Has.Member(
                "| AmbiSSL | – | – | – | – | – | – | – | – | 0.2000 ± 0.1414 (0.1620) | 87.50 ± 0.00 (89.86) | 90.00 ± 0.00 (90.03) "
                + "| 89.00 ± 0.00 (89.84) | 2 × 1 | 100 | 1.5 | 300 |"));
            Assert.That(lines, Has.Member("| other | 0.2500 | 87.50 | 90.00 | 89.00 | 1 × 1 | 100 | 1.5 | 300 | – | – | – | – | – | – | – | – |"));
            Assert.That(lines.Where(line => line.StartsWith('|')).Select(line => line.Count(letter => letter == '|')), Is.All.EqualTo(18));
        });
    }

    [Test]
    public void Csv_has_a_line_for_each_row_and_labelled_share()
    {
        var lines = CsvTable.Write(ResultTable.Of([HandMade.Result(0.1), HandMade.Result(0.3, 1)]), "lidc").Split('\n');

        Assert.That(lines[1], Is.EqualTo(
            "test,AmbiSSL,0.1,2,1,2,10,0.200000,0.141421,0.1620,0.875000,0.000000,0.8986,0.900000,0.000000,0.9003,0.890000,0.000000,0.8984,100,1.50,300"));
    }

    [Test]
    public void Validation_is_a_table_of_its_own()
    {
        var tables = ResultTable.Of([HandMade.Result(0.9, part: FoldResult.ValidationPart), HandMade.Result(0.1)]);

        Assert.That(tables.Select(table => (table.Part, table.Rows.Single().Cells["0.1"].Ged.Mean)), Is.EqualTo(new[] { ("test", 0.1), ("validation", 0.9) }));
    }

    [Test]
    public void Rows_of_one_name_and_two_settings_are_told_apart_by_their_hash()
    {
        var table = ResultTable.Of([HandMade.Result(0.1, settingsHash: "aaaa"), HandMade.Result(0.3, settingsHash: "bbbb")]).Single();

        Assert.That(table.Rows.Select(row => row.Label), Is.EqualTo(new[] { "AmbiSSL aaaa", "AmbiSSL bbbb" }));
    }

    [Test]
    public void In_no_row_of_the_paper_is_match_above_max_and_each_share_has_nine_methods()
    {
        Assert.That(PaperFigures.Rows.Where(row => row.DiceMatch > row.DiceMax), Is.Empty);
        Assert.That(
            PaperFigures.Rows.GroupBy(row => (row.DataSet, row.Labeled)).Select(group => (group.Key.DataSet, group.Key.Labeled, group.Count())),
            Is.EqualTo(new[] { ("lidc", 1, 1), ("lidc", 0.05, 9), ("lidc", 0.1, 9), ("isic", 1, 1), ("isic", 0.1, 9), ("isic", 0.2, 9) }));
        Assert.That(PaperFigures.Rows.Select(row => row.Method).Distinct(), Is.SubsetOf(PaperFigures.Order.Select(row => row.Key)));
    }

    private static TableCell Cell(params FoldResult[] results) => ResultTable.Of(results).Single().Rows.Single().Cells["0.1"];
}
