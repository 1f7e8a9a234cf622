using System.Text.Json.Serialization;

namespace AmbiSSL;

/// <summary>The size of an image tensor <c>[C, H, W]</c>.</summary>
/// <param name="Channels">Number of channels C: 1 for CT, 3 for dermoscopy.</param>
/// <param name="Height">Rows H, in pixels.</param>
/// <param name="Width">Columns W, in pixels.</param>
public readonly record struct ImageShape(int Channels, int Height, int Width)
{
    /// <summary>Height and width.</summary>
    [JsonIgnore]
    public ImageSize Size => new(Height, Width);

    /// <summary>Number of pixels of one channel or one mask, H·W.</summary>
    [JsonIgnore]
    public int PixelCount => Height * Width;

    /// <summary>Number of values of one image, C·H·W.</summary>
    [JsonIgnore]
    public int Length => Channels * PixelCount;

    /// <inheritdoc/>
    public override string ToString() => $"{Channels}x{Height}x{Width}";

    /// <summary>As many channels of another size.</summary>
    internal ImageShape WithSize(ImageSize size) => new(Channels, size.Height, size.Width);
}
