using System.Globalization;
using CsvHelper;

namespace AmbiSSL.Cli.Experiments;

/// <summary>Writes tables as CSV, one line for each row and labelled share; Dice from 0 to 1, times and memory last.</summary>
internal static class CsvTable
{
    private static readonly string[] Header =
    [
        "part", "row", "labeled", "folds", "seeds", "runs", "samples",
        "ged", "gedDeviation", "gedPaper", "diceSoft", "diceSoftDeviation", "diceSoftPaper",
        "diceMax", "diceMaxDeviation", "diceMaxPaper", "diceMatch", "diceMatchDeviation", "diceMatchPaper",
        "steps", "trainingMinutes", "memoryMebibytes",
    ];

    /// <summary>The tables of all parts.</summary>
    /// <param name="tables">One table a part.</param>
    /// <param name="dataSet">Which of the paper's data sets stands beside ours; null for none.</param>
    public static string Write(IEnumerable<ResultTable> tables, string? dataSet)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        using (var csv = new CsvWriter(text, new CsvHelper.Configuration.CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\n" }, leaveOpen: true))
        {
            WriteLine(csv, Header);
            foreach (var table in tables)
            {
                foreach (var (row, group) in table.Rows.SelectMany(row => table.Groups.Select(group => (row, group))))
                {
                    if (row.Cells.GetValueOrDefault(group.Label) is { } cell)
                    {
                        var paper = dataSet is null ? null : PaperFigures.Find(dataSet, row.PaperKey, group.Share);
                        WriteLine(csv, Fields(table, row, group.Label, cell, paper));
                    }
                }
            }
        }

        return text.ToString();
    }

    private static IEnumerable<object?> Fields(ResultTable table, TableRow row, string labeled, TableCell cell, PaperRow? paper) =>
    [
        table.Part, row.Label, labeled, cell.Folds, cell.Seeds, cell.Runs, cell.Samples,
        .. Figure(cell.Ged, paper?.Ged),
        .. Figure(cell.DiceSoft, paper?.DiceSoft / 100),
        .. Figure(cell.DiceMax, paper?.DiceMax / 100),
        .. Figure(cell.DiceMatch, paper?.DiceMatch / 100),
        Number(cell.Steps, "F0"), Number(cell.TrainingMinutes, "F2"), Number(cell.MemoryMebibytes, "F0"),
    ];

    private static object?[] Figure(Spread value, double? paper) =>
        [Number(value.Mean, "F6"), Number(value.Deviation, "F6"), paper is { } figure ? Number(figure, "F4") : null];

    private static string? Number(double value, string format) => double.IsNaN(value) ? null : value.ToString(format, CultureInfo.InvariantCulture);

    private static void WriteLine(CsvWriter csv, IEnumerable<object?> fields)
    {
        foreach (var field in fields)
        {
            csv.WriteField(field);
        }

        csv.NextRecord();
    }
}
