using AmbiSSL.Torch.Imaging;

namespace AmbiSSL;

/// <summary>Writes what a model draws as gray PNG files, each whole or not at all.</summary>
public static class PngFile
{
    /// <summary>Writes a mask with 8 bits: 0 stays 0, all else becomes 255, as <see cref="ImageFolder"/> reads masks.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="size">Height H and width W.</param>
    /// <param name="mask">H·W values in [H, W] order.</param>
    /// <exception cref="ArgumentException">The number of values does not fit the size.</exception>
    public static void WriteMask(string path, ImageSize size, ReadOnlySpan<byte> mask)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ImageFile.WriteMask(path, size, mask);
    }

    /// <summary>Writes a map, such as a probability or an uncertainty, with 16 bits: 65535 is 1.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="size">Height H and width W.</param>
    /// <param name="map">H·W values in [H, W] order. Those outside 0 to 1, as rounding leaves them, become 0 or 1.</param>
    /// <exception cref="ArgumentException">The number of values does not fit the size, or one is NaN.</exception>
    public static void WriteMap(string path, ImageSize size, ReadOnlySpan<float> map)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        float[] clamped = [.. map];
        for (var i = 0; i < clamped.Length; i++)
        {
            clamped[i] = Math.Clamp(clamped[i], 0, 1);
        }

        ImageFile.Write(path, new ImagePixels(new ImageShape(1, size.Height, size.Width), clamped));
    }
}
