using System.Buffers.Binary;
using System.IO.Compression;
using AmbiSSL.Torch.Imaging;

namespace AmbiSSL.Torch.Tests.Imaging;

/// <summary>Puts PNG files together from rows of bytes, for the kinds that the library reads but does not write.</summary>
internal static class RawPng
{
    /// <summary>Writes rows as they are, without filters.</summary>
    public static void Write(
        string path, int width, int bitDepth, int colorType, byte[][] rows, byte[]? palette = null, byte[]? transparency = null, byte[]? exif = null,
        bool isExifLast = false)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), rows.Length);
        header[8] = (byte)bitDepth;
        header[9] = (byte)colorType;
        using var data = new MemoryStream();
        using (var deflate = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            foreach (var row in rows)
            {
                deflate.WriteByte(0);
                deflate.Write(row);
            }
        }

        using var file = File.Create(path);
        file.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        WriteChunk(file, "IHDR"u8, header);
        if (exif is not null && !isExifLast)
        {
            WriteChunk(file, "eXIf"u8, exif);
        }

        if (palette is not null)
        {
            WriteChunk(file, "PLTE"u8, palette);
        }

        if (transparency is not null)
        {
            WriteChunk(file, "tRNS"u8, transparency);
        }

        WriteChunk(file, "IDAT"u8, data.ToArray());
        if (exif is not null && isExifLast)
        {
            WriteChunk(file, "eXIf"u8, exif);
        }

        WriteChunk(file, "IEND"u8, []);
    }

    private static void WriteChunk(Stream file, ReadOnlySpan<byte> type, byte[] data)
    {
        byte[] typeAndData = [.. type, .. data];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(typeAndData);
        BinaryPrimitives.WriteUInt32BigEndian(number, PngChecksum.Compute(typeAndData));
        file.Write(number);
    }
}
