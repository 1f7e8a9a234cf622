using System.Globalization;

namespace AmbiSSL.Cli.Experiments;

/// <summary>A row of a table as the command line names it: NAME, or NAME@SHARE for one labelled share.</summary>
/// <param name="Name">The name, with -HASH after it where rows of several settings have the name.</param>
/// <param name="Labeled">The labelled share or list; null for each.</param>
internal sealed record RunSelector(string Name, string? Labeled)
{
    /// <summary>Reads NAME or NAME@SHARE.</summary>
    public static RunSelector Parse(string text)
    {
        var parts = text.Split('@', 2);
        var labeled = parts.Length == 1 ? null
            : double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var share) ? share.ToString(CultureInfo.InvariantCulture)
            : parts[1];
        return new RunSelector(parts[0], labeled);
    }

    /// <summary>Its results of a part, by labelled share.</summary>
    /// <exception cref="UsageException">No row has the name, or several have.</exception>
    public ILookup<string, FoldResult> Find(IReadOnlyList<FoldResult> results)
    {
        var labels = ResultTable.Labels(results);
        var rows = labels.Where(label => label.Value == Name).Select(label => label.Key).ToHashSet();
        var found = results.Where(result => rows.Contains(result.Row) && (Labeled is null || result.Labeled == Labeled)).ToLookup(result => result.Labeled);
        return found.Count > 0
            ? found
            : throw new UsageException($"There are no results of '{this}'; there are {string.Join(", ", labels.Values.Order(StringComparer.Ordinal))}.");
    }

    /// <inheritdoc/>
    public override string ToString() => Labeled is null ? Name : $"{Name}@{Labeled}";
}
