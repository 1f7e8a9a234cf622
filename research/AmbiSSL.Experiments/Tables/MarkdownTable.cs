using System.Globalization;
using System.Text;
using AmbiSSL.Experiments.Results;

namespace AmbiSSL.Experiments.Tables;

/// <summary>
/// Results as Markdown in the layout of the paper's Table 1: rows in the paper's order, then other runs by name; a group of columns for each
/// labeled share.
/// </summary>
internal static class MarkdownTable
{
    private const string Missing = "–";
    private static readonly string[] MoreColumns = ["runs", "steps", "minutes", "MiB"];

    /// <summary>The figures of the paper's table.</summary>
    public static IReadOnlyList<Figure> PaperColumns { get; } = [Figure.Ged, Figure.DiceSoft, Figure.DiceMax, Figure.DiceMatch];

    /// <summary>
    /// One table for the held-out folds, one for validation subjects; of masks of several classes, one of each class after that of their mean.
    /// </summary>
    /// <param name="runs">The runs.</param>
    /// <param name="dataSet">Which of the paper's data sets stands beside ours; null for none.</param>
    /// <param name="figures">The columns.</param>
    public static string Write(IReadOnlyList<RunRow> runs, string? dataSet, IReadOnlyList<Figure> figures) => string.Join("\n", runs
        .GroupBy(run => run.Validation is not null).OrderBy(part => part.Key)
        .SelectMany(part => Write(part.Key ? "Validation subjects" : "Held-out folds", [.. part], dataSet, figures)));

    /// <summary>A figure's value as tables have it: of a Dice in percent.</summary>
    public static string Number(Figure figure, double value) => Printed(figure, IsPercent(figure) ? 100 * value : value);

    private static IEnumerable<string> Write(string title, RunRow[] runs, string? dataSet, IReadOnlyList<Figure> figures) =>
    [
        WriteOne(title, runs, dataSet, figures),
        .. runs.SelectMany(run => run.Classes).Distinct()
            .Select(
                name => WriteOne(
                    $"{title}, {name}", [.. runs.Where(run => run.Classes.Contains(name)).Select(run => run.OfClass(name))], dataSet: null, figures)),
    ];

    private static string WriteOne(string title, IReadOnlyList<RunRow> runs, string? dataSet, IReadOnlyList<Figure> figures)
    {
        string[] columns = [.. figures.Select(figure => figure.Title), .. MoreColumns];
        double[] shares = [.. runs.Select(run => run.Labeled).Distinct().Order()];
        var text = new StringBuilder($"## {title}\n\n{Caption(runs, dataSet)}\n\n");
        WriteLine(["labeled", .. shares.SelectMany(share => columns.Select((_, i) => i == 0 ? FormattableString.Invariant($"{share * 100:0.##} %") : ""))]);
        WriteLine(Enumerable.Repeat("---", 1 + (shares.Length * columns.Length)));
        WriteLine(["**method**", .. shares.SelectMany(_ => columns.Select(column => $"**{column}**"))]);
        var labels = RunLabels.Of(runs);
        foreach (var row in runs.GroupBy(run => run.Row).OrderBy(row => PaperFigures.Place(row.Key.Name))
            .ThenBy(row => labels[row.Key], StringComparer.Ordinal))
        {
            WriteLine(
                [PaperFigures.Title(row.Key.Name) + labels[row.Key][row.Key.Name.Length..], .. shares.SelectMany(
                    share => Cells(row, share, dataSet, figures))]);
        }

        return text.ToString();

        void WriteLine(IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
    }

    private static IEnumerable<string> Cells(IGrouping<(string Name, string Hash), RunRow> row, double share, string? dataSet, IReadOnlyList<Figure> figures)
    {
        RunRow[] runs = [.. row.Where(run => run.Labeled == share)];
        if (runs.Length == 0)
        {
            return Enumerable.Repeat(Missing, figures.Count + MoreColumns.Length);
        }

        var paper = dataSet is null ? null : PaperFigures.Find(dataSet, row.Key.Name, share);
        var (folds, seeds) = (runs.Select(run => run.Fold).Distinct().Count(), runs.Select(run => run.Seed).Distinct().Count());
        return
        [
            .. figures.Select(figure => Value(figure, Spread.Of(runs, figure), paper?[figure])),
            runs.Length == folds * seeds ? $"{folds} × {seeds}" : $"{runs.Length} of {folds} × {seeds}",
            FormattableString.Invariant($"{runs.Average(run => run.Steps):F0}"),
            FormattableString.Invariant($"{runs.Average(run => run.TrainingSeconds) / 60:F1}"),
            FormattableString.Invariant($"{runs.Max(run => run.PeakMemoryBytes) / (double)(1 << 20):F0}"),
        ];
    }

    private static string Value(Figure figure, Spread value, double? paper)
    {
        var deviation = double.IsNaN(value.Deviation) ? "" : $" ± {Number(figure, value.Deviation)}";
        return double.IsNaN(value.Mean) ? Missing : Number(figure, value.Mean) + deviation + (paper is { } printed ? $" ({Printed(figure, printed)})" : "");
    }

    private static bool IsPercent(Figure figure) => figure.Title.Contains("Dice", StringComparison.Ordinal);

    private static string Printed(Figure figure, double value) => value.ToString(IsPercent(figure) ? "F2" : "F4", CultureInfo.InvariantCulture);

    private static string Caption(IReadOnlyList<RunRow> runs, string? dataSet)
    {
        var numbers = runs.Select(run => run.Samples).Distinct().ToArray();
        var drawn = numbers.Length == 1 ? $"{numbers[0]} samples an image" : "Numbers of samples differ from run to run";
        var spread = runs.Select(run => run.CodeSampling).OfType<CodeSampling>().Distinct().ToArray() switch
        {
            [CodeSampling.Independent] => ", independent of each other",
            [CodeSampling.QuasiRandom] => ", spread evenly",
            [] => "",
            _ => ", in some runs independent, in others spread evenly",
        };
        var paper = dataSet is null ? "" : $" In parentheses: the paper's figures ({(dataSet == "lidc" ? "Table 1, LIDC-IDRI" : "Table 2, ISIC")}).";
        return drawn + spread + "; GED depends on both. "
            + "Dice in percent. Mean ± standard deviation over folds, seeds of a fold averaged first; over the seeds where there is one fold. "
            + "Runs: n folds × seeds. Minutes: one training. MiB: most resident memory." + paper;
    }
}
