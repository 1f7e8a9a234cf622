using System.Buffers.Binary;
using System.IO.Compression;

namespace AmbiSSL.Torch.Imaging;

/// <summary>Writes a PNG of 8 or 16 bits and one channel row by row, whatever its size. The stream stays open.</summary>
internal sealed class PngRowWriter : IDisposable
{
    private const int ChunkBytes = 1 << 18;

    private readonly Stream _stream;
    private readonly MemoryStream _compressed = new();
    private readonly ZLibStream _rows;
    private readonly byte[] _row;
    private readonly byte[] _above;
    private readonly byte[] _filtered;

    /// <param name="stream">Receives the bytes of the file.</param>
    /// <param name="size">Height and width.</param>
    /// <param name="bitDepth">8 or 16.</param>
    /// <param name="palette">Three bytes for each value of 8 bits; null where values are gray.</param>
    public PngRowWriter(Stream stream, ImageSize size, int bitDepth, byte[]? palette = null)
    {
        _stream = stream;
        _row = new byte[size.Width * bitDepth / 8];
        _above = new byte[_row.Length];
        _filtered = new byte[_row.Length + 1];
        _rows = new ZLibStream(_compressed, CompressionLevel.Fastest, leaveOpen: true);
        PngWriter.WriteStart(stream, new ImageShape(1, size.Height, size.Width), bitDepth, palette);
    }

    /// <summary>Writes the next row of 8 bits.</summary>
    public void Write(ReadOnlySpan<byte> values)
    {
        values.CopyTo(_row);
        WriteRow();
    }

    /// <summary>Writes the next row of 16 bits: 65535 is 1.</summary>
    public void Write(ReadOnlySpan<float> values)
    {
        for (var column = 0; column < values.Length; column++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(_row.AsSpan(2 * column), (ushort)MathF.Round(Math.Clamp(values[column], 0, 1) * ushort.MaxValue));
        }

        WriteRow();
    }

    /// <summary>Ends the file after its last row.</summary>
    public void Finish()
    {
        _rows.Dispose();
        WriteChunk(0);
        PngWriter.WriteChunk(_stream, "IEND"u8, []);
    }

    /// <inheritdoc/>
    public void Dispose() => _rows.Dispose();

    // Filter 2, the difference to the row above.
    private void WriteRow()
    {
        _filtered[0] = 2;
        for (var i = 0; i < _row.Length; i++)
        {
            _filtered[i + 1] = (byte)(_row[i] - _above[i]);
        }

        _rows.Write(_filtered);
        _row.CopyTo(_above, 0);
        WriteChunk(ChunkBytes);
    }

    private void WriteChunk(int least)
    {
        if (_compressed.Length > least)
        {
            PngWriter.WriteChunk(_stream, "IDAT"u8, _compressed.GetBuffer().AsSpan(0, (int)_compressed.Length));
            _compressed.SetLength(0);
        }
    }
}
