using System.Globalization;

namespace AmbiSSL.Torch.Imaging;

/// <summary>
/// The value of a mask's pixel as one number: 16 bits each for what its alpha lacks, red, green and blue. A gray value is a color of three equal
/// parts, so that a mask of numbers and one of colors are read alike.
/// </summary>
internal static class MaskValue
{
    private const int Bits = 16;
    private const int AlphaShift = 3 * Bits;

    /// <summary>An opaque gray value.</summary>
    public static ulong Gray(ushort value) => Color(value, value, value);

    /// <summary>An opaque color.</summary>
    public static ulong Color(ushort red, ushort green, ushort blue) => ((ulong)red << (2 * Bits)) | ((ulong)green << Bits) | blue;

    /// <summary>A value with another alpha.</summary>
    /// <param name="value">The value.</param>
    /// <param name="alpha">The alpha.</param>
    /// <param name="largest">Largest number of its type, at which the value is opaque.</param>
    public static ulong WithAlpha(ulong value, ushort alpha, ushort largest) =>
        alpha == largest ? Opaque(value) : Opaque(value) | ((ulong)(ushort)~alpha << AlphaShift);

    /// <summary>Whether it is no opaque gray.</summary>
    public static bool IsColor(ulong value) => value != Gray((ushort)value);

    /// <summary>A value without its alpha.</summary>
    public static ulong Opaque(ulong value) => value & ((1UL << AlphaShift) - 1);

    /// <summary>The alpha; the largest of 16 bits where the value is opaque.</summary>
    public static ushort Alpha(ulong value) => (ushort)~(value >> AlphaShift);

    /// <summary>The largest of red, green and blue.</summary>
    public static ushort Brightest(ulong value) => Math.Max((ushort)(value >> (2 * Bits)), Math.Max((ushort)(value >> Bits), (ushort)value));

    /// <summary>The value as <see cref="Parse"/> reads it.</summary>
    /// <param name="value">The value.</param>
    /// <param name="largest">Largest number of its type.</param>
    public static string Format(ulong value, ushort largest)
    {
        if (!IsColor(value))
        {
            return ((ushort)value).ToString(CultureInfo.InvariantCulture);
        }

        var digits = largest > byte.MaxValue ? "X4" : "X2";
        string Part(ulong number) => ((ushort)number).ToString(digits, CultureInfo.InvariantCulture);
        return $"#{Part(value >> (2 * Bits))}{Part(value >> Bits)}{Part(value)}{(value == Opaque(value) ? "" : Part(Alpha(value)))}";
    }

    /// <summary>Reads a number or a color in hexadecimal digits; null where a text is neither.</summary>
    public static ulong? Parse(string text)
    {
        if (ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return Gray(number);
        }

        if (text is ['#', ..] && text.Length is 7 or 9 or 13 or 17
            && ulong.TryParse(text.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _))
        {
            var hasAlpha = text.Length is 9 or 17;
            var digits = (text.Length - 1) / (hasAlpha ? 4 : 3);
            ushort Part(int index) =>
                ushort.Parse(text.AsSpan(1 + (index * digits), digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            var color = Color(Part(0), Part(1), Part(2));
            return hasAlpha ? WithAlpha(color, Part(3), digits == 2 ? byte.MaxValue : ushort.MaxValue) : color;
        }

        return null;
    }
}
