using System.Buffers.Binary;

namespace AmbiSSL.Torch.Imaging;

/// <summary>What the chunks of a PNG say beside its pixels, read without decoding one.</summary>
/// <param name="Size">Height and width.</param>
/// <param name="BitDepth">Bits of a stored value.</param>
/// <param name="ColorType">What a pixel is, by the standard's number.</param>
/// <param name="Interlaced">Whether pixels come in seven passes.</param>
/// <param name="GrayPalette">Whether there is a palette, of gray tones only.</param>
/// <param name="Orientation">How the picture is turned to stand upright, 1 to 8 (<see cref="ExifOrientation"/>).</param>
/// <param name="Transparent">The gray value or color that is transparent, one value a channel; null where none is, and where there is a palette.</param>
internal sealed record PngHeader(
    ImageSize Size, int BitDepth, int ColorType, bool Interlaced, bool GrayPalette, int Orientation, ushort[]? Transparent = null)
{
    public const int Gray = 0;
    public const int Color = 2;
    public const int Palette = 3;
    public const int GrayAlpha = 4;
    public const int ColorAlpha = 6;

    // As much as a segment of a JPEG can hold.
    private const int MostExif = ushort.MaxValue;

    /// <summary>The eight bytes with which every PNG begins.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Values per pixel in the file, alpha included; 1 for a palette.</summary>
    public int StoredChannels => ColorType switch { Color => 3, GrayAlpha => 2, ColorAlpha => 4, _ => 1 };

    /// <summary>
    /// Channels of the image without its alpha. A palette of gray tones only is a gray image: PNG optimizers make such files.
    /// </summary>
    public int Channels => ColorType is Gray or GrayAlpha || GrayPalette ? 1 : 3;

    /// <summary>Whether a channel of the file is alpha.</summary>
    public bool HasAlpha => ColorType is GrayAlpha or ColorAlpha;

    /// <summary>Channels, height and width.</summary>
    public ImageShape Shape => new(Channels, Size.Height, Size.Width);

    /// <summary>Reads the header from a stream at its beginning.</summary>
    /// <returns>The header, or null when the stream does not begin as a PNG does.</returns>
    /// <exception cref="EndOfStreamException">The stream ends within the header.</exception>
    /// <exception cref="InvalidDataException">The header is no valid one.</exception>
    public static PngHeader? Read(Stream stream)
    {
        Span<byte> signature = stackalloc byte[8];
        if (stream.ReadAtLeast(signature, 8, throwOnEndOfStream: false) < 8 || !signature.SequenceEqual(Signature))
        {
            return null;
        }

        Span<byte> header = stackalloc byte[25];
        stream.ReadExactly(header);
        if (!header[4..8].SequenceEqual("IHDR"u8) || BinaryPrimitives.ReadUInt32BigEndian(header) != 13)
        {
            throw new InvalidDataException("its first chunk is no IHDR of 13 bytes");
        }

        var width = BinaryPrimitives.ReadInt32BigEndian(header[8..]);
        var height = BinaryPrimitives.ReadInt32BigEndian(header[12..]);
        if (width <= 0 || height <= 0)
        {
            throw new InvalidDataException($"its header gives a size of {height}x{width}");
        }

        var colorType = header[17];
        if (colorType is not (Gray or Color or Palette or GrayAlpha or ColorAlpha) || (colorType == Palette && header[16] > 8))
        {
            throw new InvalidDataException($"its header gives color type {colorType} with {header[16]} bits, which does not exist");
        }

        var (grayPalette, orientation, transparent) = ReadChunks(stream, colorType);
        return new PngHeader(new ImageSize(height, width), header[16], colorType, header[20] != 0, grayPalette, orientation, transparent);
    }

    /// <summary>Reads what stands between the header and the pixels, and the orientation, which may stand behind them.</summary>
    private static (bool HasGrayPalette, int Orientation, ushort[]? Transparent) ReadChunks(Stream stream, int colorType)
    {
        var needsPalette = colorType == Palette;
        bool? hasGrayPalette = needsPalette ? null : false;
        var orientation = ExifOrientation.Upright;
        ushort[]? transparent = null;
        Span<byte> chunk = stackalloc byte[8];
        while (true)
        {
            if (stream.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: hasGrayPalette is null) < chunk.Length || chunk[4..].SequenceEqual("IDAT"u8))
            {
                return (
                    hasGrayPalette ?? throw new InvalidDataException("it has no palette"),
                    orientation == ExifOrientation.Upright ? ReadOrientationBehind(stream, chunk) : orientation,
                    transparent);
            }

            long length = BinaryPrimitives.ReadUInt32BigEndian(chunk);
            if (length > int.MaxValue)
            {
                throw new InvalidDataException($"one of its chunks says that it has {length} bytes, more than a PNG may have");
            }

            var next = stream.Position + length + 4;
            if (next > ImageHeader.MostBeforePixels)
            {
                throw new InvalidDataException($"it has more than {ImageHeader.MostBeforePixels} bytes before its pixels");
            }

            if (chunk[4..].SequenceEqual("PLTE"u8) && needsPalette)
            {
                var palette = new byte[(int)Math.Min(length, 768)];
                stream.ReadExactly(palette);
                hasGrayPalette = Enumerable.Range(0, palette.Length / 3)
                    .All(entry => palette[3 * entry] == palette[(3 * entry) + 1] && palette[3 * entry] == palette[(3 * entry) + 2]);
            }
            else if (chunk[4..].SequenceEqual("eXIf"u8) && length <= MostExif)
            {
                orientation = ReadOrientation(stream, (int)length);
            }
            else if (chunk[4..].SequenceEqual("tRNS"u8) && length == colorType switch { Gray => 2, Color => 6, _ => -1 })
            {
                var values = new byte[length];
                stream.ReadExactly(values);
                transparent = [.. values.Chunk(2).Select(value => BinaryPrimitives.ReadUInt16BigEndian(value))];
            }

            stream.Position = next;
        }
    }

    /// <summary>The orientation, where it stands behind the pixels, as some programs write it.</summary>
    /// <param name="stream">The file, behind the first eight bytes of a chunk.</param>
    /// <param name="chunk">These bytes, which are replaced.</param>
    private static int ReadOrientationBehind(Stream stream, Span<byte> chunk)
    {
        do
        {
            long length = BinaryPrimitives.ReadUInt32BigEndian(chunk);
            var next = stream.Position + length + 4;
            if (next > stream.Length)
            {
                break;
            }

            if (chunk[4..].SequenceEqual("eXIf"u8) && length <= MostExif)
            {
                return ReadOrientation(stream, (int)length);
            }

            stream.Position = next;
        }
        while (stream.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false) == chunk.Length);
        return ExifOrientation.Upright;
    }

    private static int ReadOrientation(Stream stream, int length)
    {
        var exif = new byte[length];
        stream.ReadExactly(exif);
        return ExifOrientation.Read(exif);
    }
}
