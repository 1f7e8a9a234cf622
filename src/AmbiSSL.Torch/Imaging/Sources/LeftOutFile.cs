namespace AmbiSSL;

/// <summary>A file or folder of a data set that is not read, although it looks as if it were meant to be.</summary>
/// <param name="Path">The file or folder.</param>
/// <param name="Reason">Why, as the rest of a sentence about it.</param>
/// <param name="Nearest">The nearest path that would be read; null where there is none.</param>
public sealed record LeftOutFile(string Path, string Reason, string? Nearest = null)
{
    private const int NamedAtMost = 5;

    /// <inheritdoc/>
    public override string ToString() => $"'{Path}' {Reason}{(Nearest is null ? "" : $"; '{Nearest}' would be read")}";

    /// <summary>Says how many files are left out, and names the first of them.</summary>
    /// <param name="files">The files, at least one.</param>
    internal static string Summarize(IReadOnlyList<LeftOutFile> files)
    {
        var rest = files.Count - NamedAtMost;
        return FormattableString.Invariant($"{files.Count} {(files.Count == 1 ? "file is" : "files are")} left out: ")
            + string.Join(". ", files.Take(NamedAtMost)) + (rest > 0 ? FormattableString.Invariant($". And {rest} more.") : ".");
    }
}
