using System.Text.Json.Serialization;
using AmbiSSL.Torch.Imaging;

namespace AmbiSSL;

/// <summary>
/// Which values of a mask file are foreground, and which say that the reader left a pixel open, so that it does not count. Where nothing is said, a
/// mask is read only if it leaves no doubt: 0 beside one value above half of the range, or one color, or an alpha channel of this kind.
/// </summary>
[JsonConverter(typeof(ForegroundValuesConverter))]
public sealed class ForegroundValues
{
    private const string NonzeroWord = "nonzero";
    private const string AtLeastHalfWord = "at-least-half";
    private const string UnmistakableWord = "unmistakable";
    private const string IgnoringWord = " ignoring ";

    private readonly string _text;
    private readonly HashSet<ulong>? _values;
    private readonly HashSet<ulong> _ignored;

    // All values that a mask may have; null where it may have any.
    private readonly HashSet<ulong>? _known;

    private ForegroundValues(string text, IEnumerable<ulong>? values = null, IEnumerable<ulong>? ignored = null, IEnumerable<ulong>? known = null)
    {
        _text = text;
        _values = values?.ToHashSet();
        _ignored = [.. ignored ?? []];
        _known = known?.ToHashSet();
    }

    /// <summary>The one value beside 0 that leaves no doubt, as where nothing is said.</summary>
    public static ForegroundValues Unmistakable { get; } = new(UnmistakableWord);

    /// <summary>Every value but 0; in color, every color but black.</summary>
    public static ForegroundValues Nonzero { get; } = new(NonzeroWord);

    /// <summary>The upper half of the range, 128 and above for 8 bits; in color, wherever one of red, green and blue lies there.</summary>
    public static ForegroundValues AtLeastHalf { get; } = new(AtLeastHalfWord);

    /// <summary>These values of a gray mask; all others are background.</summary>
    /// <param name="values">0 to 255 in files of up to 8 bits, 0 to 65535 in those of 16.</param>
    /// <exception cref="ArgumentException">There is none, or one is out of this range.</exception>
    public static ForegroundValues Of(params int[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Parse(string.Join(',', values));
    }

    /// <summary>
    /// Reads <c>unmistakable</c>, <c>nonzero</c>, <c>at-least-half</c>, or values with commas between them: numbers such as <c>1</c>, colors such as
    /// <c>#FF0000</c>, colors with alpha such as <c>#FF000080</c>; twice as many digits for 16 bits. Behind it may stand <c>ignoring</c> and values.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ArgumentException">It is none of these.</exception>
    public static ForegroundValues Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.IndexOf(IgnoringWord, StringComparison.Ordinal) is >= 0 and var end)
        {
            return Parse(text[..end]).Ignoring(text[(end + IgnoringWord.Length)..]);
        }

        return text switch
        {
            UnmistakableWord => Unmistakable,
            NonzeroWord => Nonzero,
            AtLeastHalfWord => AtLeastHalf,
            _ => new ForegroundValues(text, Values(text)),
        };
    }

    /// <summary>
    /// The same, with values at which a reader's mask says nothing: in training such a pixel does not count for this reader, and figures count the
    /// pixels that no reader of the image ignores.
    /// </summary>
    /// <param name="values">0 to 255 in files of up to 8 bits, 0 to 65535 in those of 16.</param>
    /// <exception cref="ArgumentException">There is none, one is out of this range, or one is foreground too.</exception>
    public ForegroundValues Ignoring(params int[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Ignoring(string.Join(',', values));
    }

    /// <summary>The same, with values at which a reader's mask says nothing.</summary>
    /// <param name="values">Numbers or colors with commas between them, as in <see cref="Parse"/>.</param>
    /// <exception cref="ArgumentException">There is none, one is neither, or one is foreground too.</exception>
    public ForegroundValues Ignoring(string values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var ignored = Values(values).ToArray();
        return _values?.Overlaps(ignored) == true
            ? throw new ArgumentException(
                $"The values '{values}' are to be ignored, and one of them is foreground in '{_text}'; a value is one of the two.", nameof(values))
            : new ForegroundValues(_text, _values, ignored, _known);
    }

    /// <summary>The same, where a mask may have no other values than these, 0 and those that are foreground or ignored.</summary>
    internal ForegroundValues Among(IEnumerable<int> values) => new(_text, _values, _ignored, values.Select(value => MaskValue.Gray((ushort)value)));

    /// <summary>What <see cref="Parse"/> reads.</summary>
    public override string ToString() =>
        IsIgnoring ? _text + IgnoringWord + string.Join(',', _ignored.Select(value => MaskValue.Format(value, byte.MaxValue))) : _text;

    /// <summary>Whether any value is ignored.</summary>
    internal bool IsIgnoring => _ignored.Count > 0;

    /// <summary>Whether a mask is refused where its other values leave a doubt.</summary>
    internal bool IsUnmistakable => _text == UnmistakableWord;

    /// <summary>Whether it names values, and no color among them.</summary>
    internal bool AreNumbers => _values is not null && !_values.Any(MaskValue.IsColor);

    /// <summary>Whether a mask may have a value.</summary>
    internal bool Knows(ulong value) => _known is null || value == 0 || _known.Contains(value) || _values?.Contains(value) == true || Ignores(value);

    /// <summary>Whether a value is ignored.</summary>
    internal bool Ignores(ulong value) => _ignored.Contains(value);

    /// <summary>Whether a value is foreground.</summary>
    /// <param name="value">A value of a mask.</param>
    /// <param name="largest">Largest number of the mask's type.</param>
    internal bool Contains(ulong value, ushort largest) => _values?.Contains(value)
        ?? (_text == NonzeroWord
            ? MaskValue.Brightest(value) > 0 && MaskValue.Alpha(value) > 0
            : MaskValue.Brightest(value) > largest / 2 && MaskValue.Alpha(value) > largest / 2);

    private static IEnumerable<ulong> Values(string text) => text.Split(',').Select(value => MaskValue.Parse(value.Trim()) ?? throw new ArgumentException(
        $"'{text}' names no foreground: give nonzero, at-least-half, or values with commas between them, numbers from 0 to 65535 such as 1,2 or "
        + $"colors such as #FF0000; '{value.Trim()}' is no value."));
}
