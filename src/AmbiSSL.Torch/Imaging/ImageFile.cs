using System.Runtime.InteropServices;
using SkiaSharp;

namespace AmbiSSL.Torch.Imaging;

/// <summary>
/// Reads and writes single image files. PNG of 1 to 8 bits and JPEG are decoded by SkiaSharp, 16-bit PNG by <see cref="SixteenBitPng"/>.
/// Alpha is left out and does not touch the colors; color profiles and EXIF orientation are not applied.
/// </summary>
internal static class ImageFile
{
    /// <summary>Reads channels (1 or 3), height and width without decoding the pixels.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no readable PNG or JPEG.</exception>
    public static ImageShape ReadShape(string path)
    {
        using var stream = Open(path);
        if (ReadHeader(path, stream) is { } header)
        {
            return new ImageShape(header.Channels, header.Size.Height, header.Size.Width);
        }

        stream.Position = 0;
        using var codec = SKCodec.Create(stream, out var result) ?? throw Unreadable(path, Describe(result));
        return new ImageShape(ChannelsOf(codec, header: null), codec.Info.Height, codec.Info.Width);
    }

    /// <summary>Reads an image as values 0 to 1 in [C, H, W] order; 8-bit values are k/255, 16-bit values k/65535.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no readable PNG or JPEG.</exception>
    public static (ImageShape Shape, float[] Pixels) ReadImage(string path)
    {
        var (shape, values, maximum) = Decode(path);
        return (shape, Array.ConvertAll(values, value => value / (float)maximum));
    }

    /// <summary>
    /// Reads a mask as 0 or 1: a pixel is foreground when one of its color values lies above half of the range (above 127 for 8 bits).
    /// </summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is no readable PNG or JPEG, or holds values above 0 but none above half of the range.
    /// </exception>
    public static (ImageSize Size, byte[] Mask) ReadMask(string path)
    {
        var (shape, values, maximum) = Decode(path);
        var mask = new byte[shape.PixelCount];
        ushort largest = 0;
        for (var position = 0; position < values.Length; position++)
        {
            largest = Math.Max(largest, values[position]);
            if (2 * values[position] > maximum)
            {
                mask[position % mask.Length] = 1;
            }
        }

        if (largest > 0 && 2 * largest <= maximum)
        {
            throw new InvalidDataException(
                $"Mask '{path}' holds no value above {largest}; foreground must lie above half of the range, 0 to {maximum}. "
                + $"Save the mask with 0 for background and {maximum} for foreground.");
        }

        return (new ImageSize(shape.Height, shape.Width), mask);
    }

    /// <summary>Writes values 0 to 1 in [C, H, W] order as a PNG of 8 bits a channel, rounded to k/255.</summary>
    /// <exception cref="ArgumentException">The number of values does not fit the shape, or one lies outside 0 to 1.</exception>
    public static void Write8Bit(string path, ImageShape shape, ReadOnlySpan<float> pixels) =>
        PngWriter.Write(path, shape, Quantize(path, shape, pixels, byte.MaxValue), bitDepth: 8);

    /// <summary>Writes values 0 to 1 in [C, H, W] order as a PNG of 16 bits a channel, rounded to k/65535.</summary>
    /// <exception cref="ArgumentException">The number of values does not fit the shape, or one lies outside 0 to 1.</exception>
    public static void Write16Bit(string path, ImageShape shape, ReadOnlySpan<float> pixels) =>
        PngWriter.Write(path, shape, Quantize(path, shape, pixels, ushort.MaxValue), bitDepth: 16);

    /// <summary>Writes a mask as an 8-bit gray PNG: 0 stays 0, all else becomes 255.</summary>
    /// <exception cref="ArgumentException">The number of values does not fit the size.</exception>
    public static void WriteMask(string path, ImageSize size, ReadOnlySpan<byte> mask)
    {
        if (mask.Length != size.PixelCount)
        {
            throw new ArgumentException($"The mask for '{path}' has {mask.Length} values; {size} needs {size.PixelCount}.", nameof(mask));
        }

        var values = new ushort[mask.Length];
        for (var position = 0; position < values.Length; position++)
        {
            values[position] = mask[position] == 0 ? (ushort)0 : byte.MaxValue;
        }

        PngWriter.Write(path, new ImageShape(1, size.Height, size.Width), values, bitDepth: 8);
    }

    private static (ImageShape Shape, ushort[] Values, int Maximum) Decode(string path)
    {
        byte[] file;
        using (var stream = Open(path))
        {
            file = new byte[stream.Length];
            stream.ReadExactly(file);
        }

        var header = ReadHeader(path, new MemoryStream(file));
        if (header is not { BitDepth: 16 })
        {
            var (shape, values) = DecodeEightBit(path, file, header);
            return (shape, values, byte.MaxValue);
        }

        try
        {
            var shape = new ImageShape(header.Channels, header.Size.Height, header.Size.Width);
            return (shape, SixteenBitPng.Decode(file, header), ushort.MaxValue);
        }
        catch (InvalidDataException exception)
        {
            throw Unreadable(path, exception.Message, exception);
        }
    }

    private static (ImageShape Shape, ushort[] Values) DecodeEightBit(string path, byte[] file, PngHeader? header)
    {
        using var data = SKData.CreateCopy(file);
        using var codec = SKCodec.Create(data) ?? throw Unreadable(path, "it does not begin as a PNG or JPEG does");

        // Unpremultiplied, so that a transparent pixel keeps its color; no color space, so that nothing is converted.
        var info = codec.Info.ColorType == SKColorType.Gray8
            ? new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Gray8, SKAlphaType.Opaque)
            : new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        var bytes = new byte[info.BytesSize];
        SKCodecResult result;
        var handle = GCHandle.Alloc(bytes, GCHandleType.Pinned);
        try
        {
            result = codec.GetPixels(info, handle.AddrOfPinnedObject());
        }
        finally
        {
            handle.Free();
        }

        if (result != SKCodecResult.Success)
        {
            throw Unreadable(path, Describe(result));
        }

        var shape = new ImageShape(ChannelsOf(codec, header), info.Height, info.Width);
        return (shape, SplitChannels(bytes, info.BytesPerPixel, shape));
    }

    private static ushort[] SplitChannels(byte[] bytes, int bytesPerPixel, ImageShape shape)
    {
        var values = new ushort[shape.Length];
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            var plane = values.AsSpan(channel * shape.PixelCount, shape.PixelCount);
            for (var pixel = 0; pixel < plane.Length; pixel++)
            {
                plane[pixel] = bytes[(pixel * bytesPerPixel) + channel];
            }
        }

        return values;
    }

    private static ushort[] Quantize(string path, ImageShape shape, ReadOnlySpan<float> pixels, int maximum)
    {
        if (pixels.Length != shape.Length)
        {
            throw new ArgumentException(
                $"The image for '{path}' has {pixels.Length} values; {shape} needs {shape.Length}.",
                nameof(pixels));
        }

        var values = new ushort[pixels.Length];
        for (var position = 0; position < values.Length; position++)
        {
            if (pixels[position] is not (>= 0 and <= 1))
            {
                throw new ArgumentException(
                    $"The image for '{path}' holds the value {pixels[position]:R}; "
                    + "a PNG is written from values 0 to 1. Scale the image first.",
                    nameof(pixels));
            }

            values[position] = (ushort)MathF.Round(pixels[position] * maximum);
        }

        return values;
    }

    private static FileStream Open(string path) =>
        File.Exists(path)
            ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read)
            : throw new FileNotFoundException($"Image file '{path}' does not exist.", path);

    private static PngHeader? ReadHeader(string path, Stream stream)
    {
        try
        {
            return PngHeader.Read(stream);
        }
        catch (EndOfStreamException exception)
        {
            throw Unreadable(path, "it ends within its header; it seems to be cut off", exception);
        }
        catch (InvalidDataException exception)
        {
            throw Unreadable(path, exception.Message, exception);
        }
    }

    private static int ChannelsOf(SKCodec codec, PngHeader? header) =>
        header?.Channels ?? (codec.Info.ColorType == SKColorType.Gray8 ? 1 : 3);

    private static string Describe(SKCodecResult result) => result switch
    {
        SKCodecResult.IncompleteInput => "it ends too early; it seems to be cut off",
        SKCodecResult.ErrorInInput => "its content is damaged",
        SKCodecResult.InvalidInput or SKCodecResult.Unimplemented => "it is no valid PNG or JPEG",
        _ => $"decoding ended with {result}",
    };

    private static InvalidDataException Unreadable(string path, string reason, Exception? inner = null) =>
        new($"Image file '{path}' cannot be read: {reason}. Save or download it again as PNG or JPEG.", inner);
}
