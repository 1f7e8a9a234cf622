using System.Globalization;

namespace AmbiSSL.Cli.Experiments;

/// <summary>Whose annotations a training may use: a share of the training subjects, or those that a file names.</summary>
/// <param name="Label">The share as text, or the file's name with a hash of its content: part of the names of result files.</param>
/// <param name="Share">The share, above 0 up to 1; null where a file names the subjects.</param>
/// <param name="Subjects">The subjects of the file; null where a share is given.</param>
internal sealed record LabeledPart(string Label, double? Share, IReadOnlyList<string>? Subjects)
{
    /// <summary>Reads a share such as 0.1, or a file with one subject a line.</summary>
    /// <param name="text">The share or the path.</param>
    /// <param name="folder">Where relative paths start; null for the working folder.</param>
    /// <exception cref="UsageException">The text is neither.</exception>
    public static LabeledPart Parse(string text, string? folder = null)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var share))
        {
            return share is > 0 and <= 1
                ? new LabeledPart(share.ToString(CultureInfo.InvariantCulture), share, null)
                : throw new UsageException($"The labelled share is {text}; it must lie above 0 and be at most 1.");
        }

        var path = folder is null ? text : Path.Combine(folder, text);
        if (!File.Exists(path))
        {
            throw new UsageException($"'{text}' is neither a labelled share, such as 0.1, nor a file with one subject a line.");
        }

        string[] subjects =
        [
            .. File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0).Distinct().Order(StringComparer.Ordinal),
        ];
        var hash = ShortHash.Of(string.Join('\n', subjects), 6);
        return new LabeledPart($"{Path.GetFileNameWithoutExtension(path)}-{hash}", null, subjects);
    }

    /// <summary>The training subjects that keep their annotations.</summary>
    /// <param name="train">The training subjects.</param>
    /// <param name="all">All subjects of the data set: the file may name those of other parts, and nobody else.</param>
    /// <param name="seed">Chooses among the subjects where a share is given.</param>
    /// <exception cref="InvalidDataException">The file names an unknown subject, or none of the training part.</exception>
    public IReadOnlySet<string> Choose(IReadOnlySet<string> train, IReadOnlySet<string> all, int seed)
    {
        if (Share is { } share)
        {
            return SubjectSplit.KeepLabeled(train, share, seed);
        }

        if (Subjects!.FirstOrDefault(subject => !all.Contains(subject)) is { } unknown)
        {
            throw new InvalidDataException($"List of labelled subjects '{Label}': the data set has no subject '{unknown}'.");
        }

        var chosen = Subjects!.Where(train.Contains).ToHashSet(StringComparer.Ordinal);
        return chosen.Count > 0
            ? chosen
            : throw new InvalidDataException($"List of labelled subjects '{Label}': none of the {train.Count} training subjects is in it.");
    }
}
