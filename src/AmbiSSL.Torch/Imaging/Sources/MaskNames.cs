using System.Globalization;
using System.Text.RegularExpressions;

namespace AmbiSSL.Torch.Imaging;

/// <summary>Tells names that are meant to be masks', and what they should be.</summary>
internal static partial class MaskNames
{
    /// <summary>Splits a name such as <c>ID_r2</c> at a mark.</summary>
    /// <param name="name">Name of a file without its extension.</param>
    /// <param name="mark">What stands between the id and the number.</param>
    /// <returns>The id and the number; null where the name does not end so.</returns>
    public static (string Id, int Number)? Split(string name, string mark)
    {
        var start = name.LastIndexOf(mark, StringComparison.Ordinal);
        return start > 0 && int.TryParse(name.AsSpan(start + mark.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (name[..start], number)
            : null;
    }

    /// <summary>Splits a name such as <c>ID_r2_core</c> at a mark, where each class has a file of its own.</summary>
    /// <param name="name">Name of a file without its extension.</param>
    /// <param name="mark">What stands between the id and the number.</param>
    /// <param name="classes">The names of the classes; null where a file has all of them, and names have none.</param>
    /// <returns>The id, the number and the position of the class; null where the name does not end so.</returns>
    public static (string Id, int Number, int Class)? Split(string name, string mark, IReadOnlyList<string>? classes)
    {
        for (var i = 0; i < (classes?.Count ?? 1); i++)
        {
            var ending = classes is null ? "" : "_" + classes[i];
            if (name.EndsWith(ending, StringComparison.Ordinal) && Split(name[..^ending.Length], mark) is var (id, number))
            {
                return (id, number, i);
            }
        }

        return null;
    }

    /// <summary>Splits a name such as <c>ID_r2</c> or <c>ID_r2_core</c>, whatever the class.</summary>
    /// <param name="name">Name of a file without its extension.</param>
    /// <param name="mark">What stands between the id and the number.</param>
    /// <returns>The id and the number; null where the name has none.</returns>
    public static (string Id, int Number)? SplitAnyClass(string name, string mark)
    {
        for (var end = name.Length; end > 0; end = name.LastIndexOf('_', end - 1))
        {
            if (Split(name[..end], mark) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>Whether a name is that of an image of the set with a word for a mask behind it, or r and a number.</summary>
    public static bool IsMaskOf(string name, IReadOnlyCollection<string> ids) =>
        Word().Match(name) is { Success: true } word && ids.Contains(name[..word.Index]);

    /// <summary>What a mask with a mistyped name should be called.</summary>
    /// <param name="name">Its name without the extension.</param>
    /// <param name="ids">Ids of the images, at least one.</param>
    /// <param name="mark">What stands between the id and the number.</param>
    /// <param name="first">The number where the name has none.</param>
    public static string Nearest(string name, IReadOnlyCollection<string> ids, string mark, string first)
    {
        var stem = Ending().Replace(name, "");
        var id = ids.OrderByDescending(id => name.StartsWith(id, StringComparison.OrdinalIgnoreCase) ? id.Length : 0)
            .ThenBy(id => Distance(stem.ToUpperInvariant(), id.ToUpperInvariant()))
            .First();
        var rest = name.StartsWith(id, StringComparison.OrdinalIgnoreCase) ? name[id.Length..] : name[stem.Length..];
        return $"{id}{mark}{NumberIn(rest, first)}";
    }

    /// <summary>The last number in a name; another where there is none.</summary>
    public static string NumberIn(string name, string otherwise) => LastNumber().Match(name) is { Success: true } number ? number.Value : otherwise;

    /// <summary>How many letters are to be changed, added or taken away to make one text of another (Levenshtein 1966).</summary>
    public static int Distance(string first, string second)
    {
        var row = Enumerable.Range(0, second.Length + 1).ToArray();
        for (var i = 0; i < first.Length; i++)
        {
            var diagonal = row[0]++;
            for (var j = 0; j < second.Length; j++)
            {
                (diagonal, row[j + 1]) = (row[j + 1], Math.Min(Math.Min(row[j], row[j + 1]) + 1, diagonal + (first[i] == second[j] ? 0 : 1)));
            }
        }

        return row[^1];
    }

    [GeneratedRegex(
        @"[-_. ]+(r|reader|rater|mask|masks|label|labels|seg|segm|segmentation|annotation|annotator|gt)?[-_. ]*\d*( ?\(\d+\)| - copy)?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Ending();

    [GeneratedRegex(
        @"([-_. ](r\d+|mask|masks|label|labels|seg|segmentation|annotation|gt)[-_. ]*\d*)+$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex(@"\d+(?=\D*$)", RegexOptions.CultureInvariant)]
    private static partial Regex LastNumber();
}
