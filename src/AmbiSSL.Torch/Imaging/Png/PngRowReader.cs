using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace AmbiSSL.Torch.Imaging;

/// <summary>Reads a PNG row by row, whatever its size: gray or color of 8 or 16 bits, without alpha, transparent color, palette and interlacing.</summary>
internal sealed class PngRowReader : IDisposable
{
    private readonly string _path;
    private readonly PngHeader _header;
    private readonly int _valueBytes;
    private readonly FileStream _file;
    private ZLibStream _rows;
    private byte[] _row;
    private byte[] _above;

    /// <summary>Opens a file at its first row.</summary>
    /// <param name="path">The file.</param>
    /// <param name="header">Its header, of a PNG that <see cref="CanRead"/>.</param>
    public PngRowReader(string path, PngHeader header)
    {
        (_path, _header, _valueBytes) = (path, header, header.BitDepth / 8);
        _row = new byte[header.Size.Width * header.Channels * _valueBytes];
        _above = new byte[_row.Length];
        _file = File.OpenRead(path);
        _rows = Begin();
    }

    /// <summary>Whether a PNG can be read row by row.</summary>
    public static bool CanRead(PngHeader header) =>
        header is { Interlaced: false, Transparent: null, ColorType: PngHeader.Gray or PngHeader.Color, BitDepth: 8 or 16 };

    /// <summary>Begins with the first row again.</summary>
    public void Rewind()
    {
        _rows.Dispose();
        Array.Clear(_above);
        _rows = Begin();
    }

    /// <summary>Reads the next row.</summary>
    /// <param name="values">Receives C·W values as bytes of memory, one channel after the other.</param>
    /// <exception cref="InvalidDataException">The file is damaged or ends too early.</exception>
    public void Read(Span<byte> values)
    {
        try
        {
            var filter = _rows.ReadByte();
            _rows.ReadExactly(_row);
            PngFilter.Undo(filter, _row, _above, _header.Channels * _valueBytes);
        }
        catch (Exception exception) when (exception is EndOfStreamException or InvalidDataException)
        {
            throw new InvalidDataException(
                $"Image file '{_path}' cannot be read: its rows are damaged, or end too early. Save or download it again.", exception);
        }

        for (var i = 0; i < _row.Length / _valueBytes; i++)
        {
            var (column, channel) = Math.DivRem(i, _header.Channels);
            var place = (channel * _header.Size.Width) + column;
            if (_valueBytes == 1)
            {
                values[place] = _row[i];
            }
            else
            {
                MemoryMarshal.Cast<byte, ushort>(values)[place] = BinaryPrimitives.ReadUInt16BigEndian(_row.AsSpan(2 * i));
            }
        }

        (_row, _above) = (_above, _row);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rows.Dispose();
        _file.Dispose();
    }

    private ZLibStream Begin()
    {
        _file.Position = PngHeader.Signature.Length;
        return new ZLibStream(new PngDataStream(_file), CompressionMode.Decompress);
    }
}
