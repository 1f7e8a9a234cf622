using System.Globalization;

namespace AmbiSSL.Torch.Imaging;

/// <summary>Finds out what the values of a mask stand for, and refuses to guess.</summary>
internal static class MaskLabels
{
    /// <summary>
    /// What stands for a pixel that is ignored, where 0 is background, and 1 foreground or what <see cref="ClassValues.Number"/> tells of classes.
    /// </summary>
    public const byte Ignored = byte.MaxValue;

    private const int NamedAtMost = 6;
    private const string SeveralClasses = "; or several classes with Classes (--classes), such as core=1,rim=2.";

    /// <summary>Says what each value stands for: 0, <see cref="Ignored"/>, or else 1 for foreground or the number of its classes.</summary>
    /// <param name="path">The mask, for errors.</param>
    /// <param name="counts">How many pixels have which value.</param>
    /// <param name="largest">Largest number of the mask's type.</param>
    /// <param name="reading">What was said of the values; null where nothing was.</param>
    /// <exception cref="InvalidDataException">Nothing was said, and the values leave a doubt, or one is of no class.</exception>
    public static IReadOnlyDictionary<ulong, byte> Of(string path, IReadOnlyDictionary<ulong, int> counts, ushort largest, ReadingOptions? reading)
    {
        var chosen = reading?.ForegroundValues;
        var all = Labels([.. counts.Keys], largest);
        var labels = chosen is null ? all : Array.FindAll(all, label => !chosen.Ignores(label.Label));
        if (labels.Length == 0)
        {
            throw new InvalidDataException($"Mask '{path}' is ignored everywhere, so that it says nothing; leave the file out.");
        }

        var numbers = all.Except(labels).ToDictionary(label => label.Value, _ => Ignored);
        if (reading?.LabelClasses is { } classes)
        {
            foreach (var (value, label) in labels)
            {
                numbers.Add(value, classes.Number(label) ?? throw OfNoClass($"Mask '{path}'", label, labels, counts, largest, classes));
            }

            return numbers;
        }

        var inside = chosen is null or { IsUnmistakable: true }
            ? Unmistakable(labels, largest)
            : labels.Where(label => chosen.Contains(label.Label, largest)).Select(label => label.Value).ToHashSet();
        if (inside is null)
        {
            throw new InvalidDataException(
                $"Mask '{path}' holds {Describe(labels, counts, largest)}. Expected is 0 for background beside one value above {largest / 2} for "
                + "foreground; name the foreground with ForegroundValues (--foreground): nonzero, at-least-half"
                + (labels.Length > NamedAtMost
                    ? " as for soft edges and the noise of JPEG, or a list of values"
                    : ", or a list of values such as "
                        + MaskValue.Format(labels.OrderBy(label => label.Label == 0).ThenBy(label => counts[label.Value]).First().Label, largest))
                + SeveralClasses);
        }

        RequireMeant($"Mask '{path}'", labels, counts, largest, chosen);
        foreach (var (value, _) in labels)
        {
            numbers.Add(value, inside.Contains(value) ? (byte)1 : (byte)0);
        }

        return numbers;
    }

    /// <summary>
    /// Turns bytes into what they stand for: 0, 1 and <see cref="Ignored"/>, or the numbers of classes; see
    /// <see cref="Of(string, int[], ReadingOptions)"/>.
    /// </summary>
    /// <param name="what">What holds them, as the beginning of a sentence.</param>
    /// <param name="values">The bytes, which are replaced.</param>
    /// <param name="reading">What was said of the values; null where nothing was.</param>
    /// <exception cref="InvalidDataException">Nothing was said, and there are other numbers, or both, or one is of no class.</exception>
    public static void Replace(string what, Span<byte> values, ReadingOptions? reading)
    {
        var counts = new int[byte.MaxValue + 1];
        foreach (var value in values)
        {
            counts[value]++;
        }

        var labels = Of(what, counts, reading);
        foreach (ref var value in values)
        {
            value = labels[value];
        }
    }

    /// <summary>
    /// What each number stands for: 0, <see cref="Ignored"/>, or else 1 for foreground, 1 or 255 beside 0 where nothing else is said, or the number
    /// of its classes.
    /// </summary>
    /// <param name="what">What holds them, as the beginning of a sentence.</param>
    /// <param name="counts">How often each number from 0 on is there, at most 65,536.</param>
    /// <param name="reading">What was said of the values; null where nothing was.</param>
    /// <exception cref="InvalidDataException">Nothing was said, and there are other numbers, or both, or one is of no class.</exception>
    public static byte[] Of(string what, int[] counts, ReadingOptions? reading)
    {
        var chosen = reading?.ForegroundValues;
        int[] found = [.. Enumerable.Range(0, counts.Length).Where(value => counts[value] > 0)];
        var largest = found.LastOrDefault() > byte.MaxValue ? ushort.MaxValue : byte.MaxValue;
        var isUnmistakable = chosen is null or { IsUnmistakable: true };
        bool Ignores(int value) => chosen?.Ignores(MaskValue.Gray((ushort)value)) == true;

        (ulong Value, ulong Label)[] Labels() => Array.ConvertAll(found, value => (MaskValue.Gray((ushort)value), MaskValue.Gray((ushort)value)));
        Dictionary<ulong, int> Shares() => found.ToDictionary(value => MaskValue.Gray((ushort)value), value => counts[value]);

        var labels = new byte[counts.Length];
        if (reading?.LabelClasses is { } classes)
        {
            foreach (var value in found)
            {
                labels[value] = Ignores(value) ? Ignored
                    : classes.Number(MaskValue.Gray((ushort)value)) ?? throw OfNoClass(
                        what, MaskValue.Gray((ushort)value), Labels(), Shares(), largest, classes);
            }

            return labels;
        }

        if (isUnmistakable && found.Where(value => value > 0 && !Ignores(value)).ToArray() is not ([] or [1] or [byte.MaxValue]))
        {
            throw new InvalidDataException(
                $"{what} holds {Describe(Labels(), Shares(), largest)}. Expected is 0 for background beside 1 or 255 "
                + "for foreground; name the foreground with ForegroundValues (--foreground): nonzero, at-least-half, or a list of values" + SeveralClasses);
        }

        RequireMeant(what, Array.FindAll(Labels(), label => chosen?.Ignores(label.Label) != true), Shares(), largest, chosen);
        var values = isUnmistakable ? ForegroundValues.Nonzero : chosen!;
        foreach (var value in found)
        {
            labels[value] = Ignores(value) ? Ignored : (byte)(values.Contains(MaskValue.Gray((ushort)value), largest) ? 1 : 0);
        }

        return labels;
    }

    /// <summary>
    /// Requires that no mask becomes background because it is stored otherwise than was said: 0 beside the largest number, or beside a color, is a mask of
    /// its own kind where other numbers are foreground.
    /// </summary>
    private static void RequireMeant(
        string what, (ulong Value, ulong Label)[] labels, IReadOnlyDictionary<ulong, int> counts, ushort largest, ForegroundValues? chosen)
    {
        if (Array.Find(labels, label => chosen?.Knows(label.Label) == false) is { Value: > 0 } unknown)
        {
            throw new InvalidDataException(
                $"{what} holds {Describe(labels, counts, largest)}, of which {MaskValue.Format(unknown.Label, largest)} is the value of no label of its "
                + "description; add it there, or name the foreground with ForegroundValues (--foreground).");
        }

        if (chosen is { AreNumbers: true } && !Array.Exists(labels, label => chosen.Contains(label.Label, largest))
            && Array.FindAll(labels, label => label.Label != 0) is [var only]
            && (only.Label == MaskValue.Gray(largest) || MaskValue.IsColor(MaskValue.Opaque(only.Label))))
        {
            var value = MaskValue.Format(only.Label, largest);
            throw new InvalidDataException(
                $"{what} holds {Describe(labels, counts, largest)}, and foreground is to be {chosen}, so that it would have none. A mask of one bit holds 0 "
                + $"and {largest}, one with a palette its colors. Name {value} as foreground too (--foreground), as ignored (--ignore-values), or, where it "
                + $"is background, with Classes (--classes), such as foreground=1,background={value}.");
        }
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

    private static InvalidDataException OfNoClass(
        string what, ulong value, (ulong Value, ulong Label)[] labels, IReadOnlyDictionary<ulong, int> counts, ushort largest, ClassValues classes) => new(
            $"{what} holds {Describe(labels, counts, largest)}, of which {MaskValue.Format(value, largest)} is of no class of '{classes}'; "
            + $"give it to a class, to background (background={MaskValue.Format(value, largest)} beside the classes), or to what is ignored (--ignore-values)."
            + (labels.Any(label => MaskValue.IsColor(MaskValue.Opaque(label.Label))) && !classes.Values.Any(MaskValue.IsColor)
                ? " A palette is read by its colors, not by their numbers in it: give the classes colors, such as core=#FF0000."
                : ""));

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
