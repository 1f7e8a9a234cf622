using SkiaSharp;

namespace AmbiSSL.Torch.Pictures;

/// <summary>Colors for 0 to 1, from dark to bright, so that their order shows to color-blind eyes and in print too.</summary>
internal sealed class ColorScale
{
    private readonly SKColor[] _colors;

    private ColorScale(params SKColor[] colors) => _colors = colors;

    /// <summary>Through blue and green.</summary>
    public static ColorScale Probability { get; } =
        new(new(0x10, 0x0B, 0x2E), new(0x2F, 0x4B, 0x8C), new(0x1F, 0x95, 0x8B), new(0x8F, 0xD7, 0x44), new(0xFD, 0xF3, 0x6B));

    /// <summary>Through violet and orange.</summary>
    public static ColorScale Uncertainty { get; } =
        new(new(0x05, 0x04, 0x10), new(0x51, 0x12, 0x7C), new(0xB7, 0x37, 0x79), new(0xFC, 0x8E, 0x59), new(0xFC, 0xFD, 0xBF));

    /// <summary>The color of a value; those below 0 and above 1 have the colors of these.</summary>
    public SKColor this[float value]
    {
        get
        {
            var position = Math.Clamp(value, 0, 1) * (_colors.Length - 1);
            var index = Math.Min((int)position, _colors.Length - 2);
            var (from, to, share) = (_colors[index], _colors[index + 1], position - index);
            byte Mix(byte a, byte b) => (byte)(a + (share * (b - a)));
            return new SKColor(Mix(from.Red, to.Red), Mix(from.Green, to.Green), Mix(from.Blue, to.Blue));
        }
    }
}
