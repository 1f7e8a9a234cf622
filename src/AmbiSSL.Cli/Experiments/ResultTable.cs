using System.Globalization;

namespace AmbiSSL.Cli.Experiments;

/// <summary>
/// The layout of the paper's Table 1 for the results of one part: rows in the paper's order, then other runs by name; a group of columns
/// for each labelled share.
/// </summary>
internal sealed class ResultTable
{
    private ResultTable(string part, IReadOnlyList<(string Label, double? Share)> groups, IReadOnlyList<TableRow> rows)
    {
        Part = part;
        Groups = groups;
        Rows = rows;
    }

    /// <summary>test or validation.</summary>
    public string Part { get; }

    /// <summary>The labelled shares, smallest first, then lists of subjects by name.</summary>
    public IReadOnlyList<(string Label, double? Share)> Groups { get; }

    /// <summary>The rows.</summary>
    public IReadOnlyList<TableRow> Rows { get; }

    /// <summary>One table for each part that has results, test first.</summary>
    public static IReadOnlyList<ResultTable> Of(IReadOnlyList<FoldResult> results) =>
    [
        .. results.GroupBy(result => result.Part).OrderBy(part => part.Key != FoldResult.TestPart).Select(part => OfPart(part.Key, [.. part])),
    ];

    /// <summary>What a row is called: its name, with the hash of its settings where rows of other settings have the name too.</summary>
    public static Dictionary<(string Name, string SettingsHash), string> Labels(IEnumerable<FoldResult> results)
    {
        (string Name, string SettingsHash)[] rows = [.. results.Select(result => result.Row).Distinct()];
        return rows.ToDictionary(row => row, row => rows.Count(other => other.Name == row.Name) > 1 ? $"{row.Name}-{row.SettingsHash}" : row.Name);
    }

    /// <summary>Heading of a group of columns.</summary>
    public static string Heading((string Label, double? Share) group) =>
        group.Share is { } share ? string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.##} %") : group.Label;

    private static ResultTable OfPart(string part, IReadOnlyList<FoldResult> results)
    {
        var groups = results.Select(result => (Label: result.Labeled, Share: result.LabeledShare)).Distinct()
            .OrderBy(group => group.Share ?? double.PositiveInfinity).ThenBy(group => group.Label, StringComparer.Ordinal).ToList();
        var labels = Labels(results);
        var rows =
            from result in results
            group result by (result.Row, Key: PaperKey(result)) into own
            let place = Place(own.Key.Key)
            orderby place, own.Key.Row.Name, own.Key.Row.SettingsHash
            let label = labels[own.Key.Row]
            let cells = own.GroupBy(result => result.Labeled).ToDictionary(cell => cell.Key, cell => new TableCell([.. cell]))
            select new TableRow(LabelOf(own.Key.Key, own.Key.Row.Name, label), own.Key.Key, cells);
        return new ResultTable(part, groups, [.. rows]);
    }

    // A row of the paper is a method under its own word; AmbiSSL with all annotations is the upper bound.
    private static string? PaperKey(FoldResult result)
    {
        var isUpperBound = result.Method == "ambissl" && result.LabeledShare == 1 && result.Name is "ambissl" or PaperFigures.UpperBound;
        return isUpperBound ? PaperFigures.UpperBound : result.Name == result.Method ? result.Method : null;
    }

    private static int Place(string? key)
    {
        for (var place = 0; place < PaperFigures.Order.Count; place++)
        {
            if (PaperFigures.Order[place].Key == key)
            {
                return place;
            }
        }

        return int.MaxValue;
    }

    private static string LabelOf(string? key, string name, string label)
    {
        var place = Place(key);
        return place == int.MaxValue ? label : PaperFigures.Order[place].Label + label[name.Length..].Replace("-", " ", StringComparison.Ordinal);
    }
}
