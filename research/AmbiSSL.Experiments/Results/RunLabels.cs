using System.Globalization;

namespace AmbiSSL.Experiments.Results;

/// <summary>What rows of tables are called: their name, with the hash of their settings where rows of other settings have the name too.</summary>
internal static class RunLabels
{
    /// <summary>The label of each row.</summary>
    public static IReadOnlyDictionary<(string Name, string Hash), string> Of(IEnumerable<RunRow> runs)
    {
        (string Name, string Hash)[] rows = [.. runs.Select(run => run.Row).Distinct()];
        return rows.ToDictionary(row => row, row => rows.Count(other => other.Name == row.Name) > 1 ? $"{row.Name}-{row.Hash}" : row.Name);
    }

    /// <summary>The runs that LABEL, or LABEL@SHARE for one labeled share, names.</summary>
    /// <exception cref="UsageException">There are none.</exception>
    public static IReadOnlyList<RunRow> Find(IReadOnlyList<RunRow> runs, string text)
    {
        var parts = text.Split('@', 2);
        double share = 0;
        if (parts.Length == 2 && !double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out share))
        {
            throw new UsageException($"'{text}': '{parts[1]}' is no labeled share, such as 0.1.");
        }

        var labels = Of(runs);
        RunRow[] found = [.. runs.Where(run => labels[run.Row] == parts[0] && (parts.Length == 1 || run.Labeled == share))];
        return found.Length > 0 ? found
            : throw new UsageException($"There are no results of '{text}'; there are {string.Join(", ", labels.Values.Order(StringComparer.Ordinal))}.");
    }
}
