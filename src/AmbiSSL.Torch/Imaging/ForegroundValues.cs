using System.Text.Json.Serialization;
using AmbiSSL.Torch.Imaging;

namespace AmbiSSL;

/// <summary>
/// Which values of a mask file are foreground. Where nothing is said, a mask is read only if it leaves no doubt: 0 beside one value above half
/// of the range, or one color, or an alpha channel of this kind.
/// </summary>
[JsonConverter(typeof(ForegroundValuesConverter))]
public sealed class ForegroundValues
{
    private const string NonzeroWord = "nonzero";
    private const string AtLeastHalfWord = "at-least-half";

    private readonly string _text;
    private readonly HashSet<ulong>? _values;

    private ForegroundValues(string text, IEnumerable<ulong>? values = null)
    {
        _text = text;
        _values = values?.ToHashSet();
    }

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
    /// Reads <c>nonzero</c>, <c>at-least-half</c>, or values with commas between them: numbers such as <c>1</c>, colors such as <c>#FF0000</c>,
    /// colors with alpha such as <c>#FF000080</c>; twice as many digits for 16 bits.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ArgumentException">It is none of these.</exception>
    public static ForegroundValues Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text switch
        {
            NonzeroWord => Nonzero,
            AtLeastHalfWord => AtLeastHalf,
            _ => new ForegroundValues(text, text.Split(',').Select(value => MaskValue.Parse(value.Trim(), text))),
        };
    }

    /// <summary>What <see cref="Parse"/> reads.</summary>
    public override string ToString() => _text;

    /// <summary>Whether a value is foreground.</summary>
    /// <param name="value">A value of a mask.</param>
    /// <param name="largest">Largest number of the mask's type.</param>
    internal bool Contains(ulong value, ushort largest) => _values?.Contains(value)
        ?? (this == Nonzero
            ? MaskValue.Brightest(value) > 0 && MaskValue.Alpha(value) > 0
            : MaskValue.Brightest(value) > largest / 2 && MaskValue.Alpha(value) > largest / 2);
}
