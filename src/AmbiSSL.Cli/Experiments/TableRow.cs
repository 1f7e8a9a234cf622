namespace AmbiSSL.Cli.Experiments;

/// <summary>A row of a table.</summary>
/// <param name="Label">What the row is called.</param>
/// <param name="PaperKey">Which row of the paper it stands beside; null for none.</param>
/// <param name="Cells">The figures by labelled share; a share without results is absent.</param>
internal sealed record TableRow(string Label, string? PaperKey, IReadOnlyDictionary<string, TableCell> Cells);
