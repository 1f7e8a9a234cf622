namespace AmbiSSL.Torch.Imaging;

/// <summary>What an image file says of itself before its pixels.</summary>
/// <param name="Shape">Channels (1 or 3), height and width.</param>
/// <param name="Type">The type of its values.</param>
/// <param name="Orientation">How the picture is turned to stand upright, 1 to 8 (<see cref="ExifOrientation"/>).</param>
/// <param name="Png">Where it is a PNG, what else that says; null for a JPEG.</param>
internal sealed record ImageHeader(ImageShape Shape, PixelType Type, int Orientation, PngHeader? Png)
{
    /// <summary>Most bytes before what says the size, and before the pixels, such as color profiles and notes.</summary>
    public const int MostBeforePixels = 16 << 20;

    // Other kinds, told by the bytes with which they begin, from some position on.
    private static readonly (int Position, byte[] Bytes, string Name)[] Foreign =
    [
        (0, "GIF8"u8.ToArray(), "a GIF"),
        (0, "BM"u8.ToArray(), "a BMP"),
        (8, "WEBP"u8.ToArray(), "a WebP"),
        (0, [(byte)'I', (byte)'I', 42, 0], "a TIFF"),
        (0, [(byte)'M', (byte)'M', 0, 42], "a TIFF"),
        (0, [0, 0, 1, 0], "an icon"),
        (4, "ftypheic"u8.ToArray(), "a HEIC"),
        (4, "ftypavif"u8.ToArray(), "an AVIF"),
        (4, "jP  "u8.ToArray(), "a JPEG 2000"),
        (128, "DICM"u8.ToArray(), "a DICOM file"),
    ];

    /// <summary>Whether the picture stands upright as it is stored.</summary>
    public bool IsUpright => Orientation == ExifOrientation.Upright;

    /// <summary>Channels, height and width of the upright picture.</summary>
    public ImageShape UprightShape => ExifOrientation.Turn(Shape, Orientation);

    /// <summary>Reads the header of a PNG or JPEG from a stream at its beginning; what it is called does not matter.</summary>
    /// <exception cref="EndOfStreamException">The stream ends within the header.</exception>
    /// <exception cref="InvalidDataException">The stream is neither, or its header is no valid one.</exception>
    public static ImageHeader Read(Stream stream)
    {
        if (PngHeader.Read(stream) is { } png)
        {
            return new ImageHeader(png.Shape, png.BitDepth == 16 ? PixelType.UInt16 : PixelType.UInt8, png.Orientation, png);
        }

        stream.Position = 0;
        if (JpegHeader.Read(stream) is { } jpeg)
        {
            return new ImageHeader(jpeg.Shape, PixelType.UInt8, jpeg.Orientation, null);
        }

        stream.Position = 0;
        throw new InvalidDataException(NameKind(stream));
    }

    private static string NameKind(Stream stream)
    {
        var start = new byte[132];
        var length = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (length == 0)
        {
            return "it is empty";
        }

        var kind = Array.Find(Foreign, kind => start.AsSpan(kind.Position).StartsWith(kind.Bytes)).Name;
        return kind is null ? "it begins as neither a PNG nor a JPEG does" : $"it is {kind}, and only PNG and JPEG are read";
    }
}
