using System.Text.RegularExpressions;

namespace AmbiSSL.Torch.Inspection;

/// <summary>Names that differ in capitals, spaces or leading zeros alone, so that they probably mean the same.</summary>
internal static partial class SimilarNames
{
    /// <summary>A finding of such names; null where there are none.</summary>
    /// <param name="problem">What it is, in a few words.</param>
    /// <param name="names">All names.</param>
    /// <param name="remedy">What to do, in a sentence.</param>
    public static Finding? Of(string problem, IEnumerable<string> names, string remedy)
    {
        string[][] similar =
            [.. names.Distinct(StringComparer.Ordinal).GroupBy(Key, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.ToArray())];
        return similar.Length == 0
            ? null
            : new Finding(
                FindingHarm.Suspicious, problem, $"{Examples.Times(similar.Length)}, such as '{string.Join("' and '", similar[0])}'. {remedy}", []);
    }

    private static string Key(string name) => LeadingZeros().Replace(string.Concat(name.Where(letter => !char.IsWhiteSpace(letter))), "").ToUpperInvariant();

    [GeneratedRegex(@"(?<!\d)0+(?=\d)", RegexOptions.CultureInvariant)]
    private static partial Regex LeadingZeros();
}
