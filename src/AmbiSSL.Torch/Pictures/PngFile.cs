using AmbiSSL.Torch.Imaging;

namespace AmbiSSL;

/// <summary>Writes images, and what a model draws, as PNG. A file is written whole or not at all; a stream stays open.</summary>
public static class PngFile
{
    /// <summary>Writes an image with the bits of its type: 8, or 16 for 16-bit integers and for floating-point numbers, whose 1 becomes 65535.</summary>
    /// <param name="stream">Receives the bytes of a file.</param>
    /// <param name="image">An image of 1 or 3 channels.</param>
    /// <exception cref="ArgumentException">The image has another number of channels, or a value that lies outside 0 to 1.</exception>
    public static void WriteImage(Stream stream, ImagePixels image)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(image);
        ImageFile.Write(stream, image);
    }

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

    /// <summary>Writes a mask with 8 bits to a stream: 0 stays 0, all else becomes 255.</summary>
    /// <param name="stream">Receives the bytes of a file.</param>
    /// <param name="size">Height H and width W.</param>
    /// <param name="mask">H·W values in [H, W] order.</param>
    /// <exception cref="ArgumentException">The number of values does not fit the size.</exception>
    public static void WriteMask(Stream stream, ImageSize size, ReadOnlySpan<byte> mask)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ImageFile.WriteMask(stream, size, mask);
    }

    /// <summary>
    /// Writes a mask of classes that exclude each other: 8 bits with a palette, in which a pixel's value is the number of its class, and its color that of the
    /// class in pictures. NumPy and Pillow, ITK and nnU-Net read the numbers.
    /// </summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="size">Height H and width W.</param>
    /// <param name="numbers">H·W values in [H, W] order: 0 for background, 1 to K for the classes.</param>
    /// <param name="classes">The classes.</param>
    /// <exception cref="ArgumentException">The number of values does not fit the size, or one is above K.</exception>
    public static void WriteClasses(string path, ImageSize size, ReadOnlySpan<byte> numbers, MaskClasses classes)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(classes);
        ImageFile.WriteClasses(path, size, numbers, classes.Count);
    }

    /// <summary>Reads the class numbers of a file that <see cref="WriteClasses"/> wrote, by its colors.</summary>
    /// <param name="path">The file.</param>
    /// <param name="classes">The classes.</param>
    /// <returns>H·W values in [H, W] order.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no readable PNG, or has a color of no class.</exception>
    public static byte[] ReadClasses(string path, MaskClasses classes)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(classes);
        return ImageFile.ReadClasses(path, classes.Count);
    }

    /// <summary>Writes a map, such as a probability or an uncertainty, with 16 bits: 65535 is 1.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="size">Height H and width W.</param>
    /// <param name="map">H·W values in [H, W] order. Those outside 0 to 1, as rounding leaves them, become 0 or 1.</param>
    /// <exception cref="ArgumentException">The number of values does not fit the size, or one is NaN.</exception>
    public static void WriteMap(string path, ImageSize size, ReadOnlySpan<float> map)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ImageFile.Write(path, OfMap(size, map));
    }

    /// <summary>Writes a map with 16 bits to a stream: 65535 is 1.</summary>
    /// <param name="stream">Receives the bytes of a file.</param>
    /// <param name="size">Height H and width W.</param>
    /// <param name="map">H·W values in [H, W] order. Those outside 0 to 1, as rounding leaves them, become 0 or 1.</param>
    /// <exception cref="ArgumentException">The number of values does not fit the size, or one is NaN.</exception>
    public static void WriteMap(Stream stream, ImageSize size, ReadOnlySpan<float> map)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ImageFile.Write(stream, OfMap(size, map));
    }

    private static ImagePixels OfMap(ImageSize size, ReadOnlySpan<float> map)
    {
        float[] clamped = [.. map];
        for (var i = 0; i < clamped.Length; i++)
        {
            clamped[i] = Math.Clamp(clamped[i], 0, 1);
        }

        return new ImagePixels(new ImageShape(1, size.Height, size.Width), clamped);
    }
}
