using System.Globalization;

namespace AmbiSSL.Torch.Imaging;

/// <summary>The least and the greatest value of one image, or of several, as they are stored.</summary>
internal readonly record struct IntensityRange(float Low, float High)
{
    // What is 16 times as much was saved with four bits more.
    private const float Sixteenfold = 16;

    /// <summary>The range of no image.</summary>
    public static IntensityRange None { get; } = new(float.PositiveInfinity, float.NegativeInfinity);

    /// <summary>The greatest less the least value.</summary>
    public float Span => High - Low;

    /// <summary>The range of both.</summary>
    public IntensityRange And(IntensityRange other) => new(Math.Min(Low, other.Low), Math.Max(High, other.High));

    /// <summary>As parts of the range of a type of integers; of floating-point numbers as it is.</summary>
    public IntensityRange PartOf(PixelType type) => new(Low / type.Most(), High / type.Most());

    /// <summary>Whether this is of more than one value and spans a sixteenth of another range at most.</summary>
    public bool IsNarrowBeside(IntensityRange other) => Span > 0 && Span * Sixteenfold <= other.Span;

    /// <summary>Whether the values, which are not all 0, are within a sixteenth of what integers of the type can be, as 12 bits in 16 are.</summary>
    public bool IsNearlyBlack(PixelType type) => High > 0 && High * Sixteenfold <= type.Most();

    /// <summary>The two in words.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Low:G6} to {High:G6}");
}
