using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using AmbiSSL.Torch.Foundation;

namespace AmbiSSL.Torch.Imaging;

/// <summary>A volume of a NIfTI file in memory, and the slices of it. Files may be compressed, which their content tells.</summary>
internal sealed class NiftiVolume
{
    // Deflate makes of one byte at most so many.
    private const int MostPerByte = 1032;

    private readonly byte[] _bytes;
    private readonly Func<int, double> _stored;

    private NiftiVolume(NiftiHeader header, byte[] bytes)
    {
        (Header, _bytes) = (header, bytes);
        _stored = Reader();
    }

    /// <summary>What the file says of itself.</summary>
    public NiftiHeader Header { get; }

    /// <summary>Number of values.</summary>
    public int Count => _bytes.Length / Header.BytesPerValue;

    /// <summary>A value by its place, the first axis running fastest.</summary>
    public double this[int place] => (_stored(place) * Header.Slope) + Header.Intercept;

    /// <summary>Reads the header of a file, and checks that the file is as long as that says.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no NIfTI-1 file, is cut off, or is of a kind that is not read.</exception>
    public static NiftiHeader ReadHeader(string path) => Open(path, (header, _) => header);

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no NIfTI-1 file, is damaged, or is of a kind that is not read.</exception>
    public static NiftiVolume Read(string path) => Open(path, (header, stream) =>
    {
        var extension = new byte[1 << 16];
        for (var left = header.Offset - NiftiHeader.Length; left > 0; left -= extension.Length)
        {
            Fill(path, stream, extension.AsSpan(0, (int)Math.Min(left, extension.Length)));
        }

        var bytes = new byte[VoxelBytes(header)];
        Fill(path, stream, bytes);

        // A compressed file has its checksum at the end.
        Fill(path, stream, []);
        return new NiftiVolume(header, bytes);
    });

    /// <summary>Reads a mask: what each voxel stands for, 0, 1 or the number of its classes, or <see cref="MaskLabels.Ignored"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="reading">What was said of the values.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file cannot be read, or its values are no labels or leave a doubt.</exception>
    public static byte[] ReadLabels(string path, ReadingOptions reading)
    {
        var volume = Read(path);
        var counts = new int[ushort.MaxValue + 1];
        for (var voxel = 0; voxel < volume.Count; voxel++)
        {
            var value = volume[voxel];
            if (value is not (>= 0 and <= ushort.MaxValue) || value != Math.Floor(value))
            {
                throw new InvalidDataException(string.Create(
                    CultureInfo.InvariantCulture, $"Mask '{path}' holds the value {value}; labels are whole numbers from 0 to {ushort.MaxValue}."));
            }

            counts[(int)value]++;
        }

        var labels = MaskLabels.Of($"Mask '{path}'", counts, reading);
        var mask = new byte[volume.Count];
        for (var voxel = 0; voxel < mask.Length; voxel++)
        {
            mask[voxel] = labels[(int)volume[voxel]];
        }

        return mask;
    }

    /// <summary>Writes a volume of other values in the same space, compressed.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="header">The header of a volume of that space.</param>
    /// <param name="type">The type of the values, bytes or floats.</param>
    /// <param name="values">The values in the byte order of the header, the first axis running fastest.</param>
    public static void Write(string path, NiftiHeader header, NiftiType type, byte[] values) => AtomicFile.Write(path, stream =>
    {
        using var zip = new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true);
        zip.Write(header.With(type));
        zip.Write(values);
    });

    // No overflow: a side has 15 bits, a value 8 bytes.
    private static long VoxelBytes(NiftiHeader header) => header.Size.Aggregate((long)header.BytesPerValue, (bytes, length) => bytes * length);

    private static T Open<T>(string path, Func<NiftiHeader, Stream, T> read)
    {
        using var file = RegularFile.Open(path, "Volume");
        var isCompressed = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        using Stream stream = isCompressed ? new GZipStream(file, CompressionMode.Decompress) : new BufferedStream(file);
        var bytes = new byte[NiftiHeader.Length];
        Fill(path, stream, bytes);
        var header = NiftiHeader.Read(path, bytes);
        var needed = header.Offset + VoxelBytes(header);
        var most = file.Length * (isCompressed ? MostPerByte : 1);
        if (needed > most)
        {
            throw header.Fault(
                $"its size {string.Join('x', header.Size)} takes {needed} bytes, and it has {(isCompressed ? "at most " : "")}{most}; it seems to be cut off");
        }

        return needed <= Array.MaxLength
            ? read(header, stream)
            : throw header.Fault($"its size {string.Join('x', header.Size)} takes {needed} bytes, and at most {Array.MaxLength} are read; divide it");
    }

    /// <summary>Reads so many bytes; none, to see that what is compressed ends well.</summary>
    private static void Fill(string path, Stream stream, Span<byte> bytes)
    {
        try
        {
            if (bytes.Length == 0)
            {
                stream.ReadByte();
            }

            stream.ReadExactly(bytes);
        }
        catch (EndOfStreamException exception)
        {
            throw new InvalidDataException($"Volume '{path}' cannot be read: it ends too early; it seems to be cut off.", exception);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"Volume '{path}' cannot be read: its compressed content is damaged.", exception);
        }
    }

    private Func<int, double> Reader()
    {
        var bytes = _bytes;
        return (Header.Type, Header.IsLittleEndian) switch
        {
            (NiftiType.UInt8, _) => place => bytes[place],
            (NiftiType.Int8, _) => place => (sbyte)bytes[place],
            (NiftiType.Int16, true) => place => BinaryPrimitives.ReadInt16LittleEndian(At(place, 2)),
            (NiftiType.Int16, false) => place => BinaryPrimitives.ReadInt16BigEndian(At(place, 2)),
            (NiftiType.UInt16, true) => place => BinaryPrimitives.ReadUInt16LittleEndian(At(place, 2)),
            (NiftiType.UInt16, false) => place => BinaryPrimitives.ReadUInt16BigEndian(At(place, 2)),
            (NiftiType.Int32, true) => place => BinaryPrimitives.ReadInt32LittleEndian(At(place, 4)),
            (NiftiType.Int32, false) => place => BinaryPrimitives.ReadInt32BigEndian(At(place, 4)),
            (NiftiType.UInt32, true) => place => BinaryPrimitives.ReadUInt32LittleEndian(At(place, 4)),
            (NiftiType.UInt32, false) => place => BinaryPrimitives.ReadUInt32BigEndian(At(place, 4)),
            (NiftiType.Float32, true) => place => BinaryPrimitives.ReadSingleLittleEndian(At(place, 4)),
            (NiftiType.Float32, false) => place => BinaryPrimitives.ReadSingleBigEndian(At(place, 4)),
            (_, true) => place => BinaryPrimitives.ReadDoubleLittleEndian(At(place, 8)),
            (_, false) => place => BinaryPrimitives.ReadDoubleBigEndian(At(place, 8)),
        };

        ReadOnlySpan<byte> At(int place, int size) => bytes.AsSpan(place * size, size);
    }
}
