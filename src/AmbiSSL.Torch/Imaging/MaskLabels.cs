using System.Globalization;

namespace AmbiSSL.Torch.Imaging;

/// <summary>Finds out which values of a mask are its foreground, and refuses to guess.</summary>
internal static class MaskLabels
{
    /// <summary>What stands for a pixel that is ignored, where 0 is background and 1 foreground.</summary>
    public const byte Ignored = 2;

    private const int NamedAtMost = 6;

    /// <summary>Says which values are foreground, and which are ignored.</summary>
    /// <param name="path">The mask, for errors.</param>
    /// <param name="counts">How many pixels have which value.</param>
    /// <param name="largest">Largest number of the mask's type.</param>
    /// <param name="chosen">What was said of the values; null where nothing was.</param>
    /// <exception cref="InvalidDataException">Nothing was said, and the values leave a doubt.</exception>
    public static (IReadOnlySet<ulong> Inside, IReadOnlySet<ulong> Ignored) Foreground(
        string path, IReadOnlyDictionary<ulong, int> counts, ushort largest, ForegroundValues? chosen)
    {
        var all = Labels([.. counts.Keys], largest);
        var labels = chosen is null ? all : Array.FindAll(all, label => !chosen.Ignores(label.Label));
        var ignored = labels.Length == all.Length ? [] : all.Except(labels).Select(label => label.Value).ToHashSet();
        if (labels.Length == 0)
        {
            throw new InvalidDataException($"Mask '{path}' is ignored everywhere, so that it says nothing; leave the file out.");
        }

        var inside = chosen is null or { IsUnmistakable: true }
            ? Unmistakable(labels, largest)
            : labels.Where(label => chosen.Contains(label.Label, largest)).Select(label => label.Value).ToHashSet();
        return (inside
            ?? throw new InvalidDataException(
                $"Mask '{path}' holds {Describe(labels, counts, largest)}. Expected is 0 for background beside one value above {largest / 2} for "
                + "foreground; name the foreground with ForegroundValues (--foreground): nonzero, at-least-half, or a list of values such as "
                + $"{MaskValue.Format(labels.OrderBy(label => label.Label == 0).ThenBy(label => counts[label.Value]).First().Label, largest)}."),
            ignored);
    }

    /// <summary>Turns bytes into 0, 1 and <see cref="Ignored"/>: 1 or 255 beside 0 are foreground where nothing else is said.</summary>
    /// <param name="what">What holds them, as the beginning of a sentence.</param>
    /// <param name="values">The bytes, which are replaced.</param>
    /// <param name="chosen">What was said of the values; null where nothing was.</param>
    /// <exception cref="InvalidDataException">Nothing was said, and there are other numbers, or both.</exception>
    public static void Binarize(string what, Span<byte> values, ForegroundValues? chosen)
    {
        var counts = new int[byte.MaxValue + 1];
        foreach (var value in values)
        {
            counts[value]++;
        }

        var labels = Foreground(what, counts, chosen);
        foreach (ref var value in values)
        {
            value = labels[value];
        }
    }

    /// <summary>What each number stands for, 0, 1 or <see cref="Ignored"/>: 1 or 255 beside 0 where nothing else is said.</summary>
    /// <param name="what">What holds them, as the beginning of a sentence.</param>
    /// <param name="counts">How often each number from 0 on is there, at most 65,536.</param>
    /// <param name="chosen">What was said of the values; null where nothing was.</param>
    /// <exception cref="InvalidDataException">Nothing was said, and there are other numbers, or both.</exception>
    public static byte[] Foreground(string what, int[] counts, ForegroundValues? chosen)
    {
        int[] found = [.. Enumerable.Range(0, counts.Length).Where(value => counts[value] > 0)];
        var largest = found.LastOrDefault() > byte.MaxValue ? ushort.MaxValue : byte.MaxValue;
        var isUnmistakable = chosen is null or { IsUnmistakable: true };
        bool Ignores(int value) => chosen?.Ignores(MaskValue.Gray((ushort)value)) == true;

        if (isUnmistakable && found.Where(value => value > 0 && !Ignores(value)).ToArray() is not ([] or [1] or [byte.MaxValue]))
        {
            var shares = found.ToDictionary(value => MaskValue.Gray((ushort)value), value => counts[value]);
            throw new InvalidDataException(
                $"{what} holds {Describe([.. shares.Keys.Select(value => (value, value))], shares, largest)}. Expected is 0 for background beside 1 or 255 "
                + "for foreground; name the foreground with ForegroundValues (--foreground): nonzero, at-least-half, or a list of values.");
        }

        var values = isUnmistakable ? ForegroundValues.Nonzero : chosen!;
        var labels = new byte[counts.Length];
        foreach (var value in found)
        {
            labels[value] = Ignores(value) ? Ignored : (byte)(values.Contains(MaskValue.Gray((ushort)value), largest) ? 1 : 0);
        }

        return labels;
    }

    // Alpha that is the same everywhere says nothing. Where color is the same everywhere, alpha says all.
    private static (ulong Value, ulong Label)[] Labels(ulong[] values, ushort largest)
    {
        if (values.All(value => MaskValue.Alpha(value) == MaskValue.Alpha(values[0])))
        {
            return Array.ConvertAll(values, value => (value, MaskValue.Opaque(value)));
        }

        return values.All(value => MaskValue.Opaque(value) == MaskValue.Opaque(values[0]))
            ? Array.ConvertAll(values, value => (value, MaskValue.Gray(Math.Min(MaskValue.Alpha(value), largest))))
            : Array.ConvertAll(values, value => (value, value));
    }

    /// <summary>The foreground of values that leave no doubt; null where they do.</summary>
    private static IReadOnlySet<ulong>? Unmistakable((ulong Value, ulong Label)[] labels, ushort largest)
    {
        bool IsStrong(ulong label) => MaskValue.Brightest(label) > largest / 2;
        switch (labels)
        {
            case [var only] when only.Label == 0 || IsStrong(only.Label):
                return only.Label == 0 ? new HashSet<ulong>() : new HashSet<ulong> { only.Value };
            case [var first, var second] when first.Label == 0 ^ second.Label == 0:
                var other = first.Label == 0 ? second : first;
                return MaskValue.Alpha(other.Label) > largest / 2 && IsStrong(other.Label) ? new HashSet<ulong> { other.Value } : null;
            case [var first, var second]:
                // An outline drawn on nothing: what is transparent has a color too, which nobody sees.
                var (clear, drawn) = MaskValue.Alpha(first.Label) < MaskValue.Alpha(second.Label) ? (first, second) : (second, first);
                return MaskValue.Alpha(clear.Label) == 0 && MaskValue.Alpha(drawn.Label) > largest / 2 && IsStrong(drawn.Label)
                    ? new HashSet<ulong> { drawn.Value }
                    : null;
            default:
                return null;
        }
    }

    private static string Describe((ulong Value, ulong Label)[] labels, IReadOnlyDictionary<ulong, int> counts, ushort largest)
    {
        var total = counts.Values.Sum(count => (double)count);
        var named = labels.OrderByDescending(label => counts[label.Value]).ThenBy(label => label.Label).Take(NamedAtMost).Select(label =>
            string.Create(CultureInfo.InvariantCulture, $"{MaskValue.Format(label.Label, largest)} ({counts[label.Value] / total:P1})"));
        var rest = labels.Length - NamedAtMost;
        return $"the value{(labels.Length == 1 ? "" : "s")} {string.Join(", ", named)}"
            + (rest > 0 ? string.Create(CultureInfo.InvariantCulture, $" and {rest} more") : "");
    }
}
