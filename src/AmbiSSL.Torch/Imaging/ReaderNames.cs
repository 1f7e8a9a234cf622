using System.Globalization;

namespace AmbiSSL.Torch.Imaging;

/// <summary>The names of those who drew the masks of an image.</summary>
internal static class ReaderNames
{
    /// <summary>What is wrong with the names of an image's masks; null where nothing is.</summary>
    public static string? Fault(IReadOnlyList<string> names, int masks)
    {
        if (names.Count != masks)
        {
            return string.Create(CultureInfo.InvariantCulture, $"the number of readers is {names.Count} and that of masks {masks}");
        }

        for (var i = 0; i < names.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(names[i]))
            {
                return string.Create(CultureInfo.InvariantCulture, $"the name of reader {i + 1} is empty");
            }

            if (names.Take(i).Contains(names[i], StringComparer.Ordinal))
            {
                return $"reader '{names[i]}' is named twice";
            }
        }

        return null;
    }

    /// <summary>Each name once, in ordinal order, those that differ in the number at their end by that number.</summary>
    public static string[] Order(IEnumerable<string> names) =>
    [
        .. names.Distinct(StringComparer.Ordinal)
            .OrderBy(name => name.TrimEnd([.. "0123456789"]), StringComparer.Ordinal)
            .ThenBy(name => name.Length)
            .ThenBy(name => name, StringComparer.Ordinal),
    ];

    /// <summary>The names of readers who are known by the numbers of their masks.</summary>
    public static string[] OfNumbers(IEnumerable<int> numbers) =>
        [.. numbers.Select(number => string.Create(CultureInfo.InvariantCulture, $"r{number}"))];
}
