using System.Buffers.Binary;
using System.IO.Compression;

namespace AmbiSSL.Torch.Imaging;

/// <summary>
/// Decodes PNG of 16 bits a channel. SkiaSharp 2.88 cuts 16-bit gray to its upper 8 bits whatever color type one asks of it.
/// </summary>
internal static class SixteenBitPng
{
    /// <summary>Decodes a whole file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="header">Its header.</param>
    /// <param name="withAlpha">
    /// Whether the alpha, where there is one or a color is transparent, follows the colors; otherwise they are multiplied by it.
    /// </param>
    /// <exception cref="InvalidDataException">The file is damaged, or interlaced.</exception>
    public static ImagePixels Decode(byte[] file, PngHeader header, bool withAlpha)
    {
        if (header.Interlaced)
        {
            throw new InvalidDataException("it is an interlaced 16-bit PNG, which is not supported; save it without interlacing");
        }

        var bytesPerPixel = 2 * header.StoredChannels;
        var rowLength = header.Size.Width * bytesPerPixel;
        var row = new byte[rowLength];
        var above = new byte[rowLength];
        var values = new ushort[header.StoredChannels * header.Size.PixelCount];
        using var rows = new ZLibStream(new MemoryStream(JoinImageData(file)), CompressionMode.Decompress);
        try
        {
            for (var y = 0; y < header.Size.Height; y++)
            {
                var filter = rows.ReadByte();
                rows.ReadExactly(row);
                PngFilter.Undo(filter, row, above, bytesPerPixel);
                CopyRow(row, header, y, values);
                (row, above) = (above, row);
            }
        }
        catch (EndOfStreamException)
        {
            throw new InvalidDataException("it ends before its last row; it seems to be cut off");
        }

        if (header.Transparent is { } transparent)
        {
            values = [.. values, .. Alpha(values, transparent, header.Size.PixelCount)];
        }

        if (values.Length > header.Shape.Length && !withAlpha)
        {
            values = Premultiply(values, header.Shape);
        }

        return new ImagePixels(header.Shape with { Channels = values.Length / header.Size.PixelCount }, values);
    }

    private static IEnumerable<ushort> Alpha(ushort[] values, ushort[] transparent, int pixels) => Enumerable.Range(0, pixels).Select(
        pixel => Enumerable.Range(0, transparent.Length).All(channel => values[(channel * pixels) + pixel] == transparent[channel])
            ? (ushort)0
            : ushort.MaxValue);

    private static ushort[] Premultiply(ushort[] values, ImageShape shape)
    {
        var alpha = values.AsSpan(shape.Length);
        for (var position = 0; position < shape.Length; position++)
        {
            values[position] = (ushort)(((values[position] * (uint)alpha[position % shape.PixelCount]) + (ushort.MaxValue / 2)) / ushort.MaxValue);
        }

        return values[..shape.Length];
    }

    private static byte[] JoinImageData(byte[] file)
    {
        using var joined = new MemoryStream();
        var position = PngHeader.Signature.Length;
        while (position + 12 <= file.Length)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(position));
            if (length > file.Length - position - 12)
            {
                break;
            }

            var typeAndData = file.AsSpan(position + 4, (int)length + 4);
            if (PngChecksum.Compute(typeAndData) != BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(position + 8 + (int)length)))
            {
                throw new InvalidDataException("the checksum of one of its chunks is wrong; it seems to be damaged");
            }

            if (typeAndData[..4].SequenceEqual("IDAT"u8))
            {
                joined.Write(typeAndData[4..]);
            }
            else if (typeAndData[..4].SequenceEqual("IEND"u8))
            {
                return joined.ToArray();
            }

            position += (int)length + 12;
        }

        throw new InvalidDataException("it ends within a chunk; it seems to be cut off");
    }

    private static void CopyRow(byte[] row, PngHeader header, int y, ushort[] values)
    {
        for (var channel = 0; channel < header.StoredChannels; channel++)
        {
            var target = values.AsSpan((channel * header.Size.PixelCount) + (y * header.Size.Width), header.Size.Width);
            for (var x = 0; x < target.Length; x++)
            {
                target[x] = BinaryPrimitives.ReadUInt16BigEndian(row.AsSpan(2 * ((x * header.StoredChannels) + channel)));
            }
        }
    }
}
