using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace AmbiSSL.Cli.Arguments;

/// <summary>One of several parts of a list, of which each item is in one.</summary>
/// <param name="Index">The part, 0 to <paramref name="Count"/> - 1.</param>
/// <param name="Count">Number of parts.</param>
internal readonly record struct Shard(int Index, int Count)
{
    /// <summary>Everything.</summary>
    public static Shard Whole => new(0, 1);

    /// <summary>Whether the item at this position is in this part.</summary>
    public bool Contains(int position) => position % Count == Index;

    /// <summary>As it is written on a command line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index}/{Count}");

    /// <summary>The option that names a part.</summary>
    public static Option<Shard?> Option() => new("--shard")
    {
        Description = "The part of the images to do, 0/N to N-1/N", HelpName = "i/N", CustomParser = Parse,
    };

    /// <summary>Reads a part such as 0/4.</summary>
    private static Shard? Parse(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        var parts = text.Split('/');
        if (parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && index >= 0 && index < count)
        {
            return new Shard(index, count);
        }

        result.AddError($"'{text}' is no shard; write part and number of parts, the first part being 0, such as 0/4, 1/4, 2/4 and 3/4.");
        return null;
    }
}
