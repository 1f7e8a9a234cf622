using System.Text.Json.Serialization;
using AmbiSSL.Torch.Imaging;

namespace AmbiSSL;

/// <summary>
/// The classes of masks, and which values of a mask file are of which class. Where a class has no values, its masks are found by its name: a file, an
/// axis of an array, a category or a label of their own.
/// </summary>
[JsonConverter(typeof(ClassValuesConverter))]
public sealed class ClassValues
{
    private const string OverlappingWord = " overlapping";
    private const string BackgroundName = "background";

    private readonly string _text;

    // A number for each set of classes that a value is of; those of classes that do not overlap are the numbers of the classes.
    private readonly Dictionary<ulong, byte> _numberOf = [];
    private readonly List<int[]> _classesOf = [];

    private ClassValues(string text, bool overlap, MaskClasses? classes = null)
    {
        _text = text;
        var parts = text.Split(',').Select(part => part.Split('=', 2)).Select(part => (Name: part[0].Trim(), Values: part.ElementAtOrDefault(1))).ToList();
        var named = parts.Where(part => !IsBackground(part.Name)).ToList();
        Classes = classes ?? new MaskClasses([.. named.Select(part => part.Name)], overlap, this);
        HasValues = parts[0].Values is not null;
        if (parts.FirstOrDefault(part => part.Values is null == HasValues) is { Name: not null } other)
        {
            throw new ArgumentException(
                $"Of the classes '{text}' some have values and '{other.Name}' has {(HasValues ? "none" : "some")}; give values to all, "
                + "such as core=1,rim=2+3, or to none.",
                nameof(text));
        }

        var classesOf = new Dictionary<ulong, List<int>>();
        var background = new HashSet<ulong>();
        foreach (var (name, values) in HasValues ? parts : [])
        {
            foreach (var value in values!.Split('+').Select(value => MaskValue.Parse(value.Trim()) ?? throw new ArgumentException(
                $"In the classes '{text}' the value '{value.Trim()}' of '{name}' is none: "
                + "give numbers from 0 to 65535 or colors such as #FF0000, with + between them.",
                nameof(text))).Distinct())
            {
                classesOf.TryAdd(value, []);
                if (IsBackground(name))
                {
                    background.Add(value);
                }
                else
                {
                    classesOf[value].Add(named.FindIndex(part => part.Name == name));
                }

                if (background.Contains(value) && classesOf[value] is [var owner, ..])
                {
                    throw new ArgumentException(
                        $"In the classes '{text}' the value {MaskValue.Format(value, byte.MaxValue)} is of '{named[owner].Name}' and of "
                        + "background; give it to one.",
                        nameof(text));
                }
            }
        }

        NumberValues(classesOf);
    }

    /// <summary>The names of the classes, and whether they overlap.</summary>
    public MaskClasses Classes { get; }

    /// <summary>Whether values say what is of a class; otherwise names do.</summary>
    internal bool HasValues { get; }

    /// <summary>
    /// Reads names with commas between them, such as <c>core,rim</c>, or names with values, such as <c>core=1,rim=2+3</c>: numbers, or colors such as
    /// <c>#FF0000</c>, colors with alpha such as <c>#FF000080</c>; twice as many digits for 16 bits. Other values than 0 that are of no class are
    /// refused, unless they are given to <c>background</c>. Behind it may stand <c>overlapping</c>: then a value may be of several classes, such as 2
    /// in <c>whole=1+2,core=2 overlapping</c>.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="overlap">Whether classes overlap, where the text does not say so.</param>
    /// <exception cref="ArgumentException">It is none of these, or a value is of several classes that do not overlap.</exception>
    public static ClassValues Parse(string text, bool overlap = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.EndsWith(OverlappingWord, StringComparison.Ordinal)
            ? new ClassValues(text[..^OverlappingWord.Length], overlap: true)
            : new ClassValues(text, overlap);
    }

    /// <summary>The values of classes as <see cref="Parse"/> reads them, one by one.</summary>
    internal static ClassValues Of(IEnumerable<string> parts, MaskClasses classes) => new(string.Join(',', parts), classes.Overlap, classes);

    /// <summary>What <see cref="Parse"/> reads.</summary>
    public override string ToString() => Classes.Overlap ? _text + OverlappingWord : _text;

    /// <summary>The values that are of a class, or named as background.</summary>
    internal IEnumerable<ulong> Values => _numberOf.Keys;

    /// <summary>
    /// What stands in a map of labels for a value: 0 for background, 1 to K for a class, or, where classes overlap, a number for each set of them;
    /// null where the value is of no class.
    /// </summary>
    internal byte? Number(ulong value) => _numberOf.TryGetValue(value, out var number) ? number : value == 0 ? (byte)0 : null;

    /// <summary>The positions of the classes for which a number above 0 of a map of labels stands.</summary>
    internal IReadOnlyList<int> ClassesOf(byte number) => _classesOf[number - 1];

    private static bool IsBackground(string name) => name.Equals(BackgroundName, StringComparison.OrdinalIgnoreCase);

    private void NumberValues(Dictionary<ulong, List<int>> classes)
    {
        if (!Classes.Overlap)
        {
            _classesOf.AddRange(Enumerable.Range(0, Classes.Count).Select(number => new[] { number }));
        }

        foreach (var (value, own) in classes)
        {
            if (own.Count > 1 && !Classes.Overlap)
            {
                throw new ArgumentException(
                    $"In the classes '{_text}' the value {MaskValue.Format(value, byte.MaxValue)} is of '{Classes.Names[own[0]]}' and of "
                    + $"'{Classes.Names[own[1]]}'; give it to one, or say that classes overlap (--overlap).",
                    nameof(classes));
            }

            var known = own.Count == 0 ? -1 : _classesOf.FindIndex(set => set.SequenceEqual(own));
            if (known < 0 && own.Count > 0)
            {
                known = _classesOf.Count;
                _classesOf.Add([.. own]);
            }

            if (known >= MaskLabels.Ignored - 1)
            {
                throw new ArgumentException($"The classes '{_text}' overlap in more than {MaskClasses.Most} ways; give fewer.", nameof(classes));
            }

            _numberOf.Add(value, (byte)(known + 1));
        }
    }
}
