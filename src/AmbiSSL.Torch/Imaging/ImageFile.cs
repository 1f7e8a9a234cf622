using System.Runtime.InteropServices;
using AmbiSSL.Torch.Foundation;
using SkiaSharp;

namespace AmbiSSL.Torch.Imaging;

/// <summary>
/// Reads and writes single image files. PNG of 1 to 8 bits and JPEG are decoded by SkiaSharp, 16-bit PNG by <see cref="SixteenBitPng"/>.
/// Colors are multiplied by their alpha, as ML.NET reads them: what is transparent is black. Pixels are as they are stored: neither color profiles
/// nor EXIF orientation are applied.
/// </summary>
internal static class ImageFile
{
    // Of a pixel that cannot be compressed, doubled.
    private const long MostBytesPerPixel = 16;

    /// <summary>Reads channels (1 or 3), height, width, type and orientation without decoding the pixels.</summary>
    /// <param name="path">The file.</param>
    /// <param name="reading">The largest image that is read; null for the default values.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no readable PNG or JPEG, or too large.</exception>
    public static ImageHeader ReadHeader(string path, ReadingOptions? reading = null)
    {
        using var stream = RegularFile.Open(path, "Image file");
        return ReadHeader(path, stream, reading);
    }

    /// <summary>Reads an image of 8 or 16 bits a channel.</summary>
    /// <param name="path">The file.</param>
    /// <param name="reading">The largest image that is read; null for the default values.</param>
    /// <param name="accept">Throws where the image is none that is wanted; called before its pixels are read.</param>
    /// <param name="withAlpha">Whether colors are left as they are, and the alpha of a file that has one follows as a second or fourth channel.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no readable PNG or JPEG, or too large.</exception>
    public static ImagePixels ReadImage(
        string path, ReadingOptions? reading = null, Action<ImageHeader>? accept = null, bool withAlpha = false)
    {
        using var stream = RegularFile.Open(path, "Image file");
        return ReadImage(path, stream, reading, accept, withAlpha);
    }

    /// <summary>Reads an image of 8 or 16 bits a channel from a stream that can seek, at its beginning.</summary>
    /// <param name="path">What errors call the image.</param>
    /// <param name="stream">Read to its end.</param>
    /// <param name="reading">The largest image that is read; null for the default values.</param>
    /// <param name="accept">Throws where the image is none that is wanted; called before its pixels are read.</param>
    /// <param name="withAlpha">Whether colors are left as they are, and the alpha of an image that has one follows as a second or fourth channel.</param>
    /// <exception cref="InvalidDataException">The stream holds no readable PNG or JPEG, or one too large.</exception>
    public static ImagePixels ReadImage(
        string path, Stream stream, ReadingOptions? reading, Action<ImageHeader>? accept = null, bool withAlpha = false)
    {
        var header = ReadHeader(path, stream, reading);
        accept?.Invoke(header);
        if (stream.Length > ImageHeader.MostBeforePixels + (MostBytesPerPixel * header.Shape.PixelCount))
        {
            throw Unreadable(path, $"it has {stream.Length} bytes, more than an image of {header.Shape.Size} pixels can take");
        }

        var file = new byte[stream.Length];
        stream.Position = 0;
        stream.ReadExactly(file);
        try
        {
            if (header.Type == PixelType.UInt16)
            {
                return SixteenBitPng.Decode(file, header.Png!, withAlpha);
            }

            if (header.Png is null)
            {
                JpegHeader.RequireFewScans(file);
            }
        }
        catch (InvalidDataException exception)
        {
            throw Unreadable(path, exception.Message, exception);
        }

        return DecodeEightBit(path, file, header.Shape, withAlpha);
    }

    /// <summary>Writes an image as a PNG of the same type; floating-point values, from 0 to 1, as 16 bits, rounded to k/65535.</summary>
    /// <exception cref="ArgumentException">The image has neither 1 nor 3 channels, or a value that lies outside 0 to 1.</exception>
    public static void Write(string path, ImagePixels image) => PngWriter.Write(path, OfIntegers($"for '{path}' ", image));

    /// <summary>Writes an image to a stream, as <see cref="Write(string, ImagePixels)"/> does to a file.</summary>
    /// <exception cref="ArgumentException">The image has neither 1 nor 3 channels, or a value that lies outside 0 to 1.</exception>
    public static void Write(Stream stream, ImagePixels image) => PngWriter.Write(stream, OfIntegers("", image));

    /// <summary>Writes a mask as an 8-bit gray PNG: 0 stays 0, all else becomes 255.</summary>
    /// <exception cref="ArgumentException">The number of values does not fit the size.</exception>
    public static void WriteMask(string path, ImageSize size, ReadOnlySpan<byte> mask) => PngWriter.Write(path, OfMask($"The mask for '{path}'", size, mask));

    /// <summary>Writes a mask to a stream, as <see cref="WriteMask(string, ImageSize, ReadOnlySpan{byte})"/> does to a file.</summary>
    /// <exception cref="ArgumentException">The number of values does not fit the size.</exception>
    public static void WriteMask(Stream stream, ImageSize size, ReadOnlySpan<byte> mask) => PngWriter.Write(stream, OfMask("The mask", size, mask));

    /// <summary>Writes class numbers as an 8-bit PNG with a palette of the colors of the classes.</summary>
    /// <exception cref="ArgumentException">The number of values does not fit the size, or one is no class.</exception>
    public static void WriteClasses(string path, ImageSize size, ReadOnlySpan<byte> numbers, int classes)
    {
        size.RequireValues(numbers.Length, $"The mask for '{path}'", nameof(numbers));
        if (numbers.IndexOfAnyExceptInRange((byte)0, (byte)classes) is >= 0 and var position)
        {
            throw new ArgumentException(
                $"The mask for '{path}' holds {numbers[position]}; it has the classes 1 to {classes}, and 0 for background.", nameof(numbers));
        }

        PngWriter.Write(path, new ImagePixels(new ImageShape(1, size.Height, size.Width), numbers.ToArray()), ClassColors.Palette(classes));
    }

    /// <summary>Reads class numbers from the colors of the classes.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no readable PNG, or has a color of no class.</exception>
    public static byte[] ReadClasses(string path, int classes)
    {
        var image = ReadImage(path);
        var (values, pixels) = (image.Type == PixelType.UInt8 ? image.Values<byte>().ToArray() : [], image.Shape.PixelCount);
        var numbers = ClassColors.Palette(classes).Chunk(3).Select((color, number) => ((color[0], color[1], color[2]), (byte)number)).ToDictionary();
        return [.. Enumerable.Range(0, pixels).Select(pixel => values.Length == 3 * pixels
            && numbers.TryGetValue((values[pixel], values[pixels + pixel], values[(2 * pixels) + pixel]), out var number)
            ? number
            : throw new InvalidDataException($"'{path}' has a color that is of none of its {classes} classes; it was changed after it was written."))];
    }

    private static ImagePixels OfMask(string what, ImageSize size, ReadOnlySpan<byte> mask)
    {
        size.RequireValues(mask.Length, what, nameof(mask));
        var values = new byte[mask.Length];
        for (var position = 0; position < values.Length; position++)
        {
            values[position] = mask[position] == 0 ? (byte)0 : byte.MaxValue;
        }

        return new ImagePixels(new ImageShape(1, size.Height, size.Width), values);
    }

    private static ImagePixels DecodeEightBit(string path, byte[] file, ImageShape shape, bool withAlpha)
    {
        using var data = SKData.CreateCopy(file);
        using var codec = SKCodec.Create(data);
        if (codec is not { EncodedFormat: SKEncodedImageFormat.Png or SKEncodedImageFormat.Jpeg }
            || (codec.Info.Height, codec.Info.Width) != (shape.Height, shape.Width))
        {
            throw Unreadable(path, "its header is damaged");
        }

        // No color space, so that nothing is converted.
        var info = shape.Channels == 1 && codec.Info.ColorType == SKColorType.Gray8
            ? new SKImageInfo(shape.Width, shape.Height, SKColorType.Gray8, SKAlphaType.Opaque)
            : new SKImageInfo(shape.Width, shape.Height, SKColorType.Rgba8888, withAlpha ? SKAlphaType.Unpremul : SKAlphaType.Premul);
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

        var hasAlpha = withAlpha && codec.Info.AlphaType != SKAlphaType.Opaque;
        return SplitChannels(bytes, info.BytesPerPixel, shape, hasAlpha);
    }

    private static ImagePixels SplitChannels(byte[] bytes, int bytesPerPixel, ImageShape color, bool hasAlpha)
    {
        if (bytesPerPixel == 1)
        {
            return new ImagePixels(color, bytes);
        }

        var shape = color with { Channels = color.Channels + (hasAlpha ? 1 : 0) };
        var values = new byte[shape.Length];
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            var stored = channel < color.Channels ? channel : 3;
            var plane = values.AsSpan(channel * shape.PixelCount, shape.PixelCount);
            for (var pixel = 0; pixel < plane.Length; pixel++)
            {
                plane[pixel] = bytes[(pixel * bytesPerPixel) + stored];
            }
        }

        return new ImagePixels(shape, values);
    }

    private static ImagePixels OfIntegers(string destination, ImagePixels image)
    {
        if (image.Type != PixelType.Float32)
        {
            return image;
        }

        var outside = image.FindFloat(value => value is not (>= 0 and <= 1));
        if (outside >= 0)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"The image {destination}holds the value {image.Values<float>()[outside]:R}; ")
                + "a PNG is written from values 0 to 1. Scale the image first.",
                nameof(image));
        }

        var values = new ushort[image.Shape.Length];
        for (var position = 0; position < values.Length; position++)
        {
            values[position] = (ushort)MathF.Round(image.Values<float>()[position] * ushort.MaxValue);
        }

        return new ImagePixels(image.Shape, values);
    }

    private static ImageHeader ReadHeader(string path, Stream stream, ReadingOptions? reading)
    {
        ImageHeader header;
        try
        {
            header = ImageHeader.Read(stream);
        }
        catch (EndOfStreamException exception)
        {
            throw Unreadable(path, "it ends within its header; it seems to be cut off", exception);
        }
        catch (InvalidDataException exception)
        {
            throw Unreadable(path, exception.Message, exception);
        }

        (reading ?? new ReadingOptions()).RequireSize($"Image file '{path}'", header.Shape.Height, header.Shape.Width);
        return header;
    }

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
