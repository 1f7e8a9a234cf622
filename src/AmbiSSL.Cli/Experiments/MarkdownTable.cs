using System.Globalization;
using System.Text;

namespace AmbiSSL.Cli.Experiments;

/// <summary>Writes tables as Markdown.</summary>
internal static class MarkdownTable
{
    private const string Missing = "–";
    private static readonly string[] Columns = ["GED", "Dice soft", "Dice max", "Dice match", "runs", "steps", "minutes", "MiB"];

    /// <summary>The tables of all parts.</summary>
    /// <param name="tables">One table a part.</param>
    /// <param name="dataSet">Which of the paper's data sets stands beside ours; null for none.</param>
    public static string Write(IEnumerable<ResultTable> tables, string? dataSet) =>
        string.Join("\n", tables.Select(table => Write(table, dataSet)));

    private static string Write(ResultTable table, string? dataSet)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"## {(table.Part == FoldResult.TestPart ? "Held-out folds" : "Validation subjects")}\n\n");
        text.Append(Caption(table, dataSet)).Append("\n\n| labelled |");
        foreach (var group in table.Groups)
        {
            text.Append(CultureInfo.InvariantCulture, $" {ResultTable.Heading(group)} |").Insert(text.Length, " |", Columns.Length - 1);
        }

        text.Append("\n|---|").Insert(text.Length, "---|", Columns.Length * table.Groups.Count).Append("\n| **method** |");
        foreach (var column in table.Groups.SelectMany(_ => Columns))
        {
            text.Append(CultureInfo.InvariantCulture, $" **{column}** |");
        }

        text.Append('\n');
        foreach (var row in table.Rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {row.Label} |");
            foreach (var group in table.Groups)
            {
                var paper = dataSet is null ? null : PaperFigures.Find(dataSet, row.PaperKey, group.Share);
                var cell = row.Cells.GetValueOrDefault(group.Label);
                foreach (var value in cell is null ? Columns.Select(_ => Missing) : Values(cell, paper))
                {
                    text.Append(CultureInfo.InvariantCulture, $" {value} |");
                }
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static string[] Values(TableCell cell, PaperRow? paper) =>
    [
        Value(cell.Ged, 1, "F4", paper?.Ged),
        Value(cell.DiceSoft, 100, "F2", paper?.DiceSoft),
        Value(cell.DiceMax, 100, "F2", paper?.DiceMax),
        Value(cell.DiceMatch, 100, "F2", paper?.DiceMatch),
        cell.Runs == cell.Folds * cell.Seeds ? $"{cell.Folds} × {cell.Seeds}" : $"{cell.Runs} of {cell.Folds} × {cell.Seeds}",
        cell.Steps.ToString("F0", CultureInfo.InvariantCulture),
        cell.TrainingMinutes.ToString("F1", CultureInfo.InvariantCulture),
        cell.MemoryMebibytes.ToString("F0", CultureInfo.InvariantCulture),
    ];

    private static string Value(Spread value, double factor, string format, double? paper)
    {
        var mean = (factor * value.Mean).ToString(format, CultureInfo.InvariantCulture);
        var deviation = double.IsNaN(value.Deviation) ? "" : " ± " + (factor * value.Deviation).ToString(format, CultureInfo.InvariantCulture);
        return mean + deviation + (paper is { } figure ? $" ({figure.ToString(format, CultureInfo.InvariantCulture)})" : "");
    }

    private static string Caption(ResultTable table, string? dataSet)
    {
        var samples = table.Rows.SelectMany(row => row.Cells.Values).Select(cell => cell.Samples).Distinct().ToArray();
        var drawn = samples is [{ } number] ? $"{number} samples an image. " : "Numbers of samples differ from run to run; GED depends on them. ";
        var paper = dataSet is null ? "" : $" In parentheses: the paper's figures ({(dataSet == "lidc" ? "Table 1, LIDC-IDRI" : "Table 2, ISIC")}).";
        return drawn
            + "Dice in percent. Mean ± standard deviation over folds, seeds of a fold averaged first; over the seeds where there is one fold. "
            + "Runs: n folds × seeds. Minutes: one training. MiB: most resident memory." + paper;
    }
}
