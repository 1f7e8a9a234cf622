using SkiaSharp;

namespace AmbiSSL.Torch.Pictures;

/// <summary>Text of letters three pixels wide and five high. A real font would have to be there, which is not so on every machine.</summary>
internal static class PixelFont
{
    /// <summary>From one letter to the next.</summary>
    public const int Advance = 4;

    /// <summary>Height of a letter.</summary>
    public const int Height = 5;

    private const string Letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.-_/+? ";

    // Five rows of three bits each, from above.
    private static readonly int[] Rows =
    [
        0b111_101_101_101_111, 0b010_110_010_010_111, 0b111_001_111_100_111, 0b111_001_111_001_111, 0b101_101_111_001_001,
        0b111_100_111_001_111, 0b111_100_111_101_111, 0b111_001_001_001_001, 0b111_101_111_101_111, 0b111_101_111_001_111,
        0b010_101_111_101_101, 0b110_101_110_101_110, 0b011_100_100_100_011, 0b110_101_101_101_110, 0b111_100_110_100_111,
        0b111_100_110_100_100, 0b011_100_101_101_011, 0b101_101_111_101_101, 0b111_010_010_010_111, 0b001_001_001_101_010,
        0b101_101_110_101_101, 0b100_100_100_100_111, 0b101_111_111_101_101, 0b110_101_101_101_101, 0b010_101_101_101_010,
        0b110_101_110_100_100, 0b010_101_101_110_011, 0b110_101_110_101_101, 0b011_100_010_001_110, 0b111_010_010_010_010,
        0b101_101_101_101_111, 0b101_101_101_101_010, 0b101_101_111_111_101, 0b101_101_010_101_101, 0b101_101_010_010_010,
        0b111_001_010_100_111, 0b000_000_000_000_010, 0b000_000_111_000_000, 0b000_000_000_000_111, 0b001_001_010_100_100,
        0b000_010_111_010_000, 0b111_001_010_000_010, 0,
    ];

    /// <summary>Draws text in capitals; a question mark stands for what has no letter here.</summary>
    /// <param name="canvas">Where.</param>
    /// <param name="text">The text.</param>
    /// <param name="left">Left of the first letter.</param>
    /// <param name="top">Above it.</param>
    /// <param name="pixel">Side of a letter's pixel.</param>
    /// <param name="paint">Its color.</param>
    public static void Draw(SKCanvas canvas, string text, float left, float top, float pixel, SKPaint paint)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var rows = Rows[Letters.IndexOf(char.ToUpperInvariant(text[i])) is >= 0 and var letter ? letter : Letters.IndexOf('?')];
            for (var place = 0; place < 15; place++)
            {
                if ((rows >> (14 - place) & 1) != 0)
                {
                    canvas.DrawRect(left + (((i * Advance) + (place % 3)) * pixel), top + (place / 3 * pixel), pixel, pixel, paint);
                }
            }
        }
    }
}
