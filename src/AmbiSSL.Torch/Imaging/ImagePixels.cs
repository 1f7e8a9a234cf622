using System.Runtime.InteropServices;
using AmbiSSL.Torch.Imaging;

namespace AmbiSSL;

/// <summary>The pixels of one image in the type in which they are stored, [C, H, W].</summary>
public sealed class ImagePixels
{
    private readonly Array _values;

    /// <summary>An 8-bit image.</summary>
    /// <param name="shape">Size of the image.</param>
    /// <param name="values">C·H·W values in [C, H, W] order, which are not copied.</param>
    /// <exception cref="ArgumentException">The number of values does not fit the shape.</exception>
    public ImagePixels(ImageShape shape, byte[] values)
        : this(shape, (Array)values)
    {
    }

    /// <summary>A 16-bit image.</summary>
    /// <param name="shape">Size of the image.</param>
    /// <param name="values">C·H·W values in [C, H, W] order, which are not copied.</param>
    /// <exception cref="ArgumentException">The number of values does not fit the shape.</exception>
    public ImagePixels(ImageShape shape, ushort[] values)
        : this(shape, (Array)values)
    {
    }

    /// <summary>A floating-point image.</summary>
    /// <param name="shape">Size of the image.</param>
    /// <param name="values">C·H·W values in [C, H, W] order, which are not copied.</param>
    /// <exception cref="ArgumentException">The number of values does not fit the shape.</exception>
    public ImagePixels(ImageShape shape, float[] values)
        : this(shape, (Array)values)
    {
    }

    /// <summary>An image of bytes, 16-bit integers without sign, or floats.</summary>
    internal ImagePixels(ImageShape shape, Array values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length != shape.Length)
        {
            throw new ArgumentException($"There are {values.Length} pixel values; {shape} needs {shape.Length}.", nameof(values));
        }

        Type = values switch
        {
            byte[] => PixelType.UInt8,
            ushort[] => PixelType.UInt16,
            float[] => PixelType.Float32,
            _ => throw new ArgumentException($"Pixels are bytes, 16-bit integers or floats, not {values.GetType()}.", nameof(values)),
        };
        Shape = shape;
        _values = values;
    }

    /// <summary>The same values in memory of their own.</summary>
    internal ImagePixels Copy() => new(Shape, (Array)_values.Clone());

    /// <summary>Reads an image file: a PNG or JPEG of 8 bits a channel, or a PNG of 16. It is known by its content; values are multiplied by alpha.</summary>
    /// <param name="path">The file.</param>
    /// <param name="reading">The largest image that is read; null for the default values.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no readable PNG or JPEG, or too large.</exception>
    public static ImagePixels Load(string path, ReadingOptions? reading = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        reading?.Validate();
        return ImageFile.ReadImage(path, reading);
    }

    /// <summary>
    /// Decodes an image file that is in memory, such as the body of a request: a PNG or JPEG of 8 bits a channel, or a PNG of 16. It is known by
    /// its content; values are multiplied by alpha.
    /// </summary>
    /// <param name="file">The bytes of the file, from its first one on.</param>
    /// <param name="name">What error messages call it.</param>
    /// <param name="reading">The largest image that is decoded; null for the default values.</param>
    /// <exception cref="InvalidDataException">The bytes are no readable PNG or JPEG, or say that they are one too large.</exception>
    public static ImagePixels Decode(byte[] file, string name, ReadingOptions? reading = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentException.ThrowIfNullOrEmpty(name);
        reading?.Validate();
        using var stream = new MemoryStream(file, writable: false);
        return ImageFile.ReadImage(name, stream, reading);
    }

    /// <summary>Channels, height and width of an image file as it is stored, read without decoding its pixels.</summary>
    /// <param name="path">The file.</param>
    /// <param name="reading">The largest image that is read; null for the default values.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no readable PNG or JPEG, or too large.</exception>
    public static ImageShape ReadShape(string path, ReadingOptions? reading = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        reading?.Validate();
        return ImageFile.ReadHeader(path, reading).Shape;
    }

    /// <summary>One image of the channels of several, which have one size and type.</summary>
    internal static ImagePixels Stack(IReadOnlyList<ImagePixels> parts)
    {
        var shape = parts[0].Shape with { Channels = parts.Sum(part => part.Shape.Channels) };
        Array values = parts[0].Type switch
        {
            PixelType.UInt8 => new byte[shape.Length],
            PixelType.UInt16 => new ushort[shape.Length],
            _ => new float[shape.Length],
        };
        var start = 0;
        foreach (var part in parts)
        {
            Array.Copy(part._values, 0, values, start, part._values.Length);
            start += part._values.Length;
        }

        return new ImagePixels(shape, values);
    }

    /// <summary>Size of the image.</summary>
    public ImageShape Shape { get; }

    /// <summary>The type of the stored values.</summary>
    public PixelType Type { get; }

    /// <summary>The stored values as bytes of memory.</summary>
    internal ReadOnlySpan<byte> Bytes => Type switch
    {
        PixelType.UInt8 => Values<byte>(),
        PixelType.UInt16 => MemoryMarshal.AsBytes(Values<ushort>()),
        _ => MemoryMarshal.AsBytes(Values<float>()),
    };

    /// <summary>The stored values in [C, H, W] order.</summary>
    /// <typeparam name="T">The type that <see cref="Type"/> names: <see cref="byte"/>, <see cref="ushort"/> or <see cref="float"/>.</typeparam>
    /// <exception cref="InvalidCastException">The values have another type.</exception>
    public ReadOnlySpan<T> Values<T>()
        where T : unmanaged => (T[])_values;

    /// <summary>Writes the values that a model sees: k/255, k/65535, or floats as they are.</summary>
    /// <param name="destination">Receives C·H·W values in [C, H, W] order.</param>
    public void CopyTo(Span<float> destination) => PixelValues.ToFloats(Type, Bytes, destination);

    /// <summary>The values that a model sees, in a new array.</summary>
    public float[] ToFloats()
    {
        var floats = new float[Shape.Length];
        CopyTo(floats);
        return floats;
    }

    /// <summary>The least and the greatest value, as they were stored.</summary>
    /// <param name="source">The type that the image had before it was resized.</param>
    internal IntensityRange RangeOf(PixelType source) => PixelValues.Range(Type, source, Bytes);

    /// <summary>Position of the first floating-point value for which something holds; -1 where there is none, and always of integers.</summary>
    internal int FindFloat(Predicate<float> isWanted) => _values is float[] floats ? Array.FindIndex(floats, isWanted) : -1;

    /// <summary>The middle, in the same type.</summary>
    /// <param name="size">At most the image's own.</param>
    internal ImagePixels Crop(ImageSize size) => size == Shape.Size ? this : _values switch
    {
        byte[] values => Crop(values, size),
        ushort[] values => Crop(values, size),
        _ => Crop((float[])_values, size),
    };

    /// <summary>Turned upright, in the same type.</summary>
    /// <param name="orientation">1 to 8, of <see cref="ExifOrientation"/>.</param>
    internal ImagePixels Turn(int orientation) => orientation == ExifOrientation.Upright
        ? this
        : new ImagePixels(ExifOrientation.Turn(Shape, orientation), _values switch
        {
            byte[] values => ImageGeometry.Turn(values, Shape.Size, orientation),
            ushort[] values => ImageGeometry.Turn(values, Shape.Size, orientation),
            _ => (Array)ImageGeometry.Turn((float[])_values, Shape.Size, orientation),
        });

    /// <summary>Scaled to another size, bilinearly; always of floats.</summary>
    internal ImagePixels Resize(ImageSize size)
    {
        var floats = _values as float[] ?? ToFloats();
        return new ImagePixels(
            Shape.WithSize(size), size == Shape.Size ? floats : ImageGeometry.ResizeBilinear(floats, Shape.Size, size));
    }

    private ImagePixels Crop<T>(T[] values, ImageSize size) => new(Shape.WithSize(size), (Array)ImageGeometry.CropCenter(values, Shape.Size, size));
}
