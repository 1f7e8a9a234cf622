using System.Text.Json.Serialization;

namespace AmbiSSL;

/// <summary>The size of an image tensor <c>[C, H, W]</c>.</summary>
/// <param name="Channels">Number of channels C: 1 for CT, 3 for dermoscopy.</param>
/// <param name="Height">Rows H, in pixels; 0 where images of any size are meant.</param>
/// <param name="Width">Columns W, in pixels; 0 where images of any size are meant.</param>
public readonly record struct ImageShape(int Channels, int Height, int Width)
{
    /// <summary>Height and width.</summary>
    [JsonIgnore]
    public ImageSize Size => new(Height, Width);

    /// <summary>Whether this stands for images of any size, which may differ: height and width are 0.</summary>
    [JsonIgnore]
    public bool IsAnySize => Height == 0 && Width == 0;

    /// <summary>Number of pixels of one channel or one mask, H·W.</summary>
    [JsonIgnore]
    public int PixelCount => Height * Width;

    /// <summary>Number of values of one image, C·H·W.</summary>
    [JsonIgnore]
    public int Length => Channels * PixelCount;

    /// <inheritdoc/>
    public override string ToString() => IsAnySize ? $"{Channels} channels of any size" : $"{Channels}x{Height}x{Width}";

    /// <summary>As many channels of another size.</summary>
    internal ImageShape WithSize(ImageSize size) => new(Channels, size.Height, size.Width);

    /// <summary>As many channels of any size.</summary>
    internal ImageShape WithAnySize() => new(Channels, 0, 0);

    /// <summary>Whether an image of this shape is one of those that are meant.</summary>
    internal bool Includes(ImageShape image) => IsAnySize ? Channels == image.Channels : this == image;
}
