using System.Buffers.Binary;
using System.IO.Compression;

namespace AmbiSSL.Torch.Imaging;

/// <summary>
/// Writes gray and color PNG of 8 and 16 bits, and such with a palette. SkiaSharp writes no 16-bit gray, so all PNG leave through this one writer.
/// </summary>
internal static class PngWriter
{
    /// <summary>Writes a PNG file, under a temporary name first.</summary>
    /// <param name="path">The file.</param>
    /// <param name="image">1 or 3 channels of 8 or 16 bits.</param>
    /// <param name="palette">Three bytes for each value of one channel of 8 bits; null where values are gray or color.</param>
    public static void Write(string path, ImagePixels image, byte[]? palette = null)
    {
        RequireChannels(image);
        AtomicFile.Write(path, stream => Write(stream, image, palette));
    }

    /// <summary>Writes a PNG to a stream, which stays open.</summary>
    /// <param name="stream">Receives the bytes of the file.</param>
    /// <param name="image">1 or 3 channels of 8 or 16 bits.</param>
    /// <param name="palette">Three bytes for each value of one channel of 8 bits; null where values are gray or color.</param>
    public static void Write(Stream stream, ImagePixels image, byte[]? palette = null)
    {
        RequireChannels(image);
        WriteStart(stream, image.Shape, 8 * image.Type.Size(), palette);
        WriteChunk(stream, "IDAT"u8, Compress(Filter(image)));
        WriteChunk(stream, "IEND"u8, []);
    }

    /// <summary>Writes what stands before the rows of an image.</summary>
    public static void WriteStart(Stream stream, ImageShape shape, int bitDepth, byte[]? palette = null)
    {
        stream.Write(PngHeader.Signature);
        WriteChunk(stream, "IHDR"u8, MakeHeader(shape, bitDepth, palette is null ? shape.Channels == 1 ? PngHeader.Gray : PngHeader.Color : PngHeader.Palette));
        if (palette is not null)
        {
            WriteChunk(stream, "PLTE"u8, palette);
        }
    }

    private static void RequireChannels(ImagePixels image)
    {
        if (image.Shape.Channels is not (1 or 3))
        {
            throw new ArgumentException($"A PNG holds 1 or 3 channels, not {image.Shape.Channels}.", nameof(image));
        }
    }

    private static byte[] MakeHeader(ImageShape shape, int bitDepth, int colorType)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, shape.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), shape.Height);
        header[8] = (byte)bitDepth;
        header[9] = (byte)colorType;
        return header;
    }

    // Every row but the first takes filter 2, the difference to the row above.
    private static byte[] Filter(ImagePixels image)
    {
        var rowLength = image.Shape.Width * image.Shape.Channels * image.Type.Size();
        var filtered = new byte[image.Shape.Height * (rowLength + 1)];
        var above = new byte[rowLength];
        var row = new byte[rowLength];
        for (var y = 0; y < image.Shape.Height; y++)
        {
            FillRow(image, y, row);
            var target = filtered.AsSpan(y * (rowLength + 1), rowLength + 1);
            target[0] = 2;
            for (var position = 0; position < rowLength; position++)
            {
                target[position + 1] = (byte)(row[position] - above[position]);
            }

            (row, above) = (above, row);
        }

        return filtered;
    }

    // PNG has the upper byte of a value first, memory the lower one.
    private static void FillRow(ImagePixels image, int y, byte[] row)
    {
        var bytes = image.Bytes;
        var (shape, size) = (image.Shape, image.Type.Size());
        var position = 0;
        for (var x = 0; x < shape.Width; x++)
        {
            for (var channel = 0; channel < shape.Channels; channel++)
            {
                var value = (channel * shape.PixelCount) + (y * shape.Width) + x;
                for (var offset = size - 1; offset >= 0; offset--)
                {
                    row[position++] = bytes[(value * size) + offset];
                }
            }
        }
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var deflate = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflate.Write(bytes);
        }

        return compressed.ToArray();
    }

    /// <summary>Writes a chunk with its checksum.</summary>
    public static void WriteChunk(Stream stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        var chunk = new byte[data.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        type.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(data.Length + 8), PngChecksum.Compute(chunk.AsSpan(4, data.Length + 4)));
        stream.Write(chunk);
    }
}
