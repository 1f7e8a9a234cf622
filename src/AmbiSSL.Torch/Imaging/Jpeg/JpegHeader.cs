using System.Buffers.Binary;

namespace AmbiSSL.Torch.Imaging;

/// <summary>What the first segments of a JPEG say, read without decoding a pixel (ITU T.81, annex B).</summary>
internal sealed record JpegHeader(ImageSize Size, int Components, int Orientation)
{
    // An encoder makes some ten; a scan of a few bytes takes as long as one of all pixels.
    private const int MostScans = 100;

    private const int EndOfImage = 0xD9;
    private const int StartOfScan = 0xDA;
    private const int Exif = 0xE1;

    /// <summary>The three bytes with which every JPEG begins.</summary>
    public static ReadOnlySpan<byte> Signature => [0xFF, 0xD8, 0xFF];

    /// <summary>Channels, height and width.</summary>
    public ImageShape Shape => new(Components == 1 ? 1 : 3, Size.Height, Size.Width);

    /// <summary>Reads the header from a stream at its beginning.</summary>
    /// <returns>The header, or null when the stream does not begin as a JPEG does.</returns>
    /// <exception cref="EndOfStreamException">The stream ends within the header.</exception>
    /// <exception cref="InvalidDataException">The header is no valid one.</exception>
    public static JpegHeader? Read(Stream stream)
    {
        Span<byte> signature = stackalloc byte[3];
        if (stream.ReadAtLeast(signature, 3, throwOnEndOfStream: false) < 3 || !signature.SequenceEqual(Signature))
        {
            return null;
        }

        stream.Position = 2;
        var orientation = ExifOrientation.Upright;
        while (true)
        {
            var marker = NextMarker(stream);
            if (marker is EndOfImage or StartOfScan)
            {
                throw new InvalidDataException("its pixels begin before its size is given");
            }

            RequireNear(stream);
            if (StandsAlone(marker))
            {
                continue;
            }

            var length = ReadUInt16(stream);
            if (IsFrame(marker))
            {
                return ReadFrame(stream, length, orientation);
            }

            if (length < 2)
            {
                throw new InvalidDataException($"one of its segments says that it has {length} bytes");
            }

            var next = stream.Position + length - 2;
            if (marker == Exif && ReadExif(stream, length - 2) is { } exif)
            {
                orientation = ExifOrientation.Read(exif);
            }

            stream.Position = next;
        }
    }

    /// <summary>Checks that the pixels of a file are in no more scans than encoders make.</summary>
    /// <param name="file">A file whose header was read.</param>
    /// <exception cref="InvalidDataException">They are in more.</exception>
    public static void RequireFewScans(ReadOnlySpan<byte> file)
    {
        var scans = 0;
        for (var rest = file[2..]; rest.Length > 4;)
        {
            // Among pixels 0xFF is followed by zero.
            var marker = rest.IndexOf((byte)0xFF);
            if (marker < 0 || marker + 4 > rest.Length)
            {
                return;
            }

            var kind = rest[marker + 1];
            rest = rest[(marker + 1)..];
            if (kind is 0 or 0xFF || StandsAlone(kind))
            {
                continue;
            }

            if (kind == StartOfScan && ++scans > MostScans)
            {
                throw new InvalidDataException($"its pixels are in more than {MostScans} scans, each of which takes as long as an image");
            }

            rest = rest[Math.Min(rest.Length, 1 + BinaryPrimitives.ReadUInt16BigEndian(rest[1..]))..];
        }
    }

    // TEM and RST0 to RST7.
    private static bool StandsAlone(int marker) => marker is 0x01 or (>= 0xD0 and <= 0xD7);

    // SOF0 to SOF15, among which DHT, JPG and DAC have numbers.
    private static bool IsFrame(int marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    /// <summary>The EXIF block of a segment; null where the segment is of another kind, which may have the same marker.</summary>
    private static byte[]? ReadExif(Stream stream, int length)
    {
        var segment = new byte[length];
        stream.ReadExactly(segment);
        return segment.AsSpan().StartsWith("Exif\0\0"u8) ? segment[6..] : null;
    }

    private static JpegHeader ReadFrame(Stream stream, int length, int orientation)
    {
        Span<byte> frame = stackalloc byte[6];
        stream.ReadExactly(frame);
        var (bits, components) = (frame[0], frame[5]);
        var height = BinaryPrimitives.ReadUInt16BigEndian(frame[1..]);
        var width = BinaryPrimitives.ReadUInt16BigEndian(frame[3..]);
        if (height == 0 || width == 0 || length != 8 + (3 * components))
        {
            throw new InvalidDataException($"its header gives a size of {height}x{width} with {components} components");
        }

        return bits == 8
            ? new JpegHeader(new ImageSize(height, width), components, orientation)
            : throw new InvalidDataException($"its values have {bits} bits, and only 8 are read");
    }

    // Bytes before a marker are passed over, as decoders do.
    private static int NextMarker(Stream stream)
    {
        while (true)
        {
            while (ReadByte(stream) != 0xFF)
            {
                RequireNear(stream);
            }

            int marker;
            do
            {
                marker = ReadByte(stream);
            }
            while (marker == 0xFF);

            if (marker != 0)
            {
                return marker;
            }
        }
    }

    private static void RequireNear(Stream stream)
    {
        if (stream.Position > ImageHeader.MostBeforePixels)
        {
            throw new InvalidDataException($"it has more than {ImageHeader.MostBeforePixels} bytes before its size");
        }
    }

    private static int ReadUInt16(Stream stream) => (ReadByte(stream) << 8) | ReadByte(stream);

    private static int ReadByte(Stream stream)
    {
        var value = stream.ReadByte();
        return value >= 0 ? value : throw new EndOfStreamException();
    }
}
