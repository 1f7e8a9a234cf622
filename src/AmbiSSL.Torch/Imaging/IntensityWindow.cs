using System.Globalization;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Imaging;

namespace AmbiSSL;

/// <summary>
/// The intensities that a model tells apart: <paramref name="Low"/> and what is below becomes 0, <paramref name="High"/> and what is above becomes 1, and what
/// is between them goes evenly from 0 to 1. Images that are cropped or resized are so first.
/// </summary>
/// <param name="Low">
/// A value as it is stored, 0 to 255 of 8 bits, 0 to 65535 of 16 bits and a floating-point number as it is; or a percentile, where <see cref="OfPercentiles"/>
/// says so.
/// </param>
/// <param name="High">Another one, above the first.</param>
public sealed record IntensityWindow(double Low, double High)
{
    private const char PercentileMark = 'p';

    /// <summary>
    /// Whether the two are percentiles, from 0 to 100, of all values of all training images. Training puts values in their place, between two ranks by linear
    /// interpolation.
    /// </summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool OfPercentiles { get; init; }

    /// <summary>A window between two percentiles of the training images.</summary>
    /// <param name="low">From 0, such as 0.5.</param>
    /// <param name="high">Above it, up to 100, such as 99.5.</param>
    public static IntensityWindow Percentiles(double low, double high) => new(low, high) { OfPercentiles = true };

    /// <summary>Reads two numbers such as <c>0,4095</c> or <c>-1000,400</c>, or two percentiles such as <c>p0.5,p99.5</c>.</summary>
    /// <param name="text">The text, whatever the language of the system.</param>
    /// <exception cref="ArgumentException">It is neither, or no window.</exception>
    public static IntensityWindow Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] ends = [.. text.Split(',').Select(end => end.Trim())];
        var ofPercentiles = ends.All(end => end.StartsWith(PercentileMark));
        if (ends.Length != 2 || !Number(ends[0], out var low) || !Number(ends[1], out var high))
        {
            throw new ArgumentException(
                $"'{text}' is no intensity window; write two numbers such as 0,4095 or -1000,400, or two percentiles such as p0.5,p99.5.", nameof(text));
        }

        var window = new IntensityWindow(low, high) { OfPercentiles = ofPercentiles };
        window.Validate();
        return window;

        bool Number(string end, out double number) =>
            double.TryParse(ofPercentiles ? end[1..] : end, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString()
    {
        var mark = OfPercentiles ? $"{PercentileMark}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{mark}{Low},{mark}{High}");
    }

    /// <summary>The window by which images are seen as they are meant, as far as their range tells it; null where they need none.</summary>
    /// <param name="type">The type in which they are stored.</param>
    /// <param name="range">The least and the greatest of their values.</param>
    internal static IntensityWindow? Suggest(PixelType type, IntensityRange range)
    {
        var (low, high) = range;
        return type switch
        {
            PixelType.Float32 when low >= 0 && high <= 1 => null,
            PixelType.Float32 when low >= -0.5f && high <= 0.5f => new IntensityWindow(-0.5, 0.5),
            PixelType.Float32 when low >= -1 && high <= 1 => new IntensityWindow(-1, 1),
            PixelType.Float32 when low < 0 || high is < 16 or > ushort.MaxValue => Percentiles(0.5, 99.5),
            PixelType.Float32 => OfBits(Math.Max(8, Bits(high))),
            _ => range.IsNearlyBlack(type) ? OfBits(Bits(high)) : null,
        };
    }

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentException">They are not finite, not in order, or no percentiles.</exception>
    internal void Validate()
    {
        OptionRange.Require(
            float.IsFinite((float)Low) && float.IsFinite((float)High) && (float)High > (float)Low, nameof(IntensityWindow), this,
            "two finite numbers, the second above the first");
        OptionRange.Require(!OfPercentiles || (Low >= 0 && High <= 100), nameof(IntensityWindow), this, "two percentiles from 0 to 100");
    }

    /// <summary>Puts what a model sees in the place of values.</summary>
    internal void Apply(Span<float> values)
    {
        var (low, width) = ((float)Low, (float)High - (float)Low);
        foreach (ref var value in values)
        {
            value = Math.Clamp((value - low) / width, 0, 1);
        }
    }

    private static IntensityWindow OfBits(int bits) => new(0, (1 << bits) - 1);

    private static int Bits(float value) => 32 - int.LeadingZeroCount((int)value);
}
