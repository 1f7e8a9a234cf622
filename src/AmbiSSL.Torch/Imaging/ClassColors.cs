namespace AmbiSSL.Torch.Imaging;

/// <summary>The colors of classes in pictures and in the palettes of files, none of them another's or black, which is background.</summary>
internal static class ClassColors
{
    // Okabe and Ito's, which color-blind eyes tell apart.
    private static readonly (byte Red, byte Green, byte Blue)[] First =
    [
        (0x56, 0xB4, 0xE9), (0xE6, 0x9F, 0x00), (0x00, 0x9E, 0x73), (0xCC, 0x79, 0xA7), (0xF0, 0xE4, 0x42), (0xD5, 0x5E, 0x00), (0x00, 0x72, 0xB2),
    ];

    /// <summary>The color of a class.</summary>
    /// <param name="position">Position of the class, from 0 on.</param>
    public static (byte Red, byte Green, byte Blue) Of(int position)
    {
        if (position < First.Length)
        {
            return First[position];
        }

        // Around the circle of hues by the golden ratio, so that any number of classes lie apart.
        var hue = position * 0.618034 % 1;
        return (Part(hue), Part(hue + (2.0 / 3)), Part(hue + (1.0 / 3)));

        static byte Part(double hue) => (byte)(80 + (170 * Math.Clamp(Math.Abs((hue % 1 * 6) - 3) - 1, 0, 1)));
    }

    /// <summary>The same as in HTML, such as <c>#56B4E9</c>.</summary>
    public static string Hexadecimal(int position)
    {
        var (red, green, blue) = Of(position);
        return FormattableString.Invariant($"#{red:X2}{green:X2}{blue:X2}");
    }

    /// <summary>A palette of PNG: black for 0 and the colors of the classes from 1 on, three bytes each.</summary>
    public static byte[] Palette(int classes) =>
        [0, 0, 0, .. Enumerable.Range(0, classes).Select(Of).SelectMany(color => (byte[])[color.Red, color.Green, color.Blue])];
}
