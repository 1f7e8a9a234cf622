namespace AmbiSSL;

/// <summary>The size of an image tensor <c>[C, H, W]</c>.</summary>
/// <param name="Channels">Number of channels C: 1 for CT, 3 for dermoscopy.</param>
/// <param name="Height">Rows H, in pixels.</param>
/// <param name="Width">Columns W, in pixels.</param>
public readonly record struct ImageShape(int Channels, int Height, int Width)
{
    /// <summary>Number of pixels of one channel or one mask, H·W.</summary>
    public int PixelCount => Height * Width;

    /// <summary>Number of values of one image, C·H·W.</summary>
    public int Length => Channels * PixelCount;

    /// <inheritdoc/>
    public override string ToString() => $"{Channels}x{Height}x{Width}";
}
