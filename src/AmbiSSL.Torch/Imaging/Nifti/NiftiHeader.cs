using System.Buffers.Binary;
using System.Globalization;

namespace AmbiSSL.Torch.Imaging;

/// <summary>
/// The header of a NIfTI-1 file: 348 bytes in either byte order. Only single files of one volume with one value a voxel are read
/// (nifti.nimh.nih.gov/nifti-1: nifti1.h).
/// </summary>
internal sealed class NiftiHeader
{
    /// <summary>The orientation of a file that does not say it.</summary>
    public const string Unknown = "???";

    /// <summary>Bytes of the header.</summary>
    public const int Length = 348;

    // The header and four bytes that say that no extension follows.
    private const int Start = 352;

    // Of a voxel, by which affines may differ: programs write them as they compute them.
    private const double AffineTolerance = 0.01;

    private const int SecondVersion = 540;
    private const int MostDimensions = 7;

    // Places in the header.
    private const int Dimensions = 40;
    private const int DataType = 70;
    private const int BitsPerValue = 72;
    private const int Spacing = 76;
    private const int VoxelOffset = 108;
    private const int ScaleSlope = 112;
    private const int ScaleIntercept = 116;
    private const int Units = 123;
    private const int QFormCode = 252;
    private const int SFormCode = 254;
    private const int Quaternion = 256;
    private const int QFormOffset = 268;
    private const int SFormRows = 280;
    private const int Mark = 344;

    private readonly string _path;
    private readonly byte[] _bytes;

    private NiftiHeader(string path, byte[] bytes)
    {
        (_path, _bytes) = (path, bytes);
        IsLittleEndian = BinaryPrimitives.ReadInt32LittleEndian(bytes) is Length or SecondVersion;
        RequireKind();
        Size = ReadSize();
        Type = (NiftiType)Short(DataType);
        BytesPerValue = Type switch
        {
            NiftiType.UInt8 or NiftiType.Int8 => 1,
            NiftiType.Int16 or NiftiType.UInt16 => 2,
            NiftiType.Int32 or NiftiType.UInt32 or NiftiType.Float32 => 4,
            NiftiType.Float64 => 8,
            _ => throw Fault($"its values are of the type {(short)Type}; save it with integers of 8, 16 or 32 bits, or floating-point numbers of 32 or 64"),
        };
        if (Short(BitsPerValue) != 8 * BytesPerValue)
        {
            throw Fault($"it says that a value of the type {Type} has {Short(BitsPerValue)} bits");
        }

        Offset = ReadOffset();
        (Slope, Intercept) = ReadScale();
        Affine = ReadAffine();
    }

    /// <summary>Whether the least significant byte of a number comes first.</summary>
    public bool IsLittleEndian { get; }

    /// <summary>Voxels along each of the three axes.</summary>
    public int[] Size { get; }

    /// <summary>The type of a stored value.</summary>
    public NiftiType Type { get; }

    /// <summary>Bytes of a stored value.</summary>
    public int BytesPerValue { get; }

    /// <summary>Bytes before the first voxel.</summary>
    public long Offset { get; }

    /// <summary>What stored values are multiplied by.</summary>
    public double Slope { get; }

    /// <summary>What is added to them then.</summary>
    public double Intercept { get; }

    /// <summary>
    /// Takes voxels to millimeters, three rows of four numbers: the sform where there is one, else the qform, else the spacing alone.
    /// </summary>
    public double[] Affine { get; }

    /// <summary>Where each axis points to: L or R, P or A, I or S; <see cref="Unknown"/> where the file does not say.</summary>
    public string Orientation => Short(SFormCode) == 0 && Short(QFormCode) == 0 ? Unknown : string.Concat(Enumerable.Range(0, 3).Select(Direction));

    /// <summary>Reads a header.</summary>
    /// <param name="path">The file, for errors.</param>
    /// <param name="bytes">Its first 348 bytes, which are kept.</param>
    /// <exception cref="InvalidDataException">They are none, or those of a file that is not read.</exception>
    public static NiftiHeader Read(string path, byte[] bytes) => new(path, bytes);

    /// <summary>The distance of neighbors along an axis in millimeters; null where the file does not say.</summary>
    public double? Distance(int axis)
    {
        var distance = Math.Abs(Float(Spacing + (4 * (axis + 1)))) * MillimetersPerUnit;
        return distance > 0 && double.IsFinite(distance) ? distance : null;
    }

    /// <summary>Requires that each voxel is at the place of the same voxel of another volume.</summary>
    /// <param name="volume">The header of that volume.</param>
    /// <exception cref="InvalidDataException">The sizes differ, or the affines.</exception>
    public void RequireSpaceOf(NiftiHeader volume)
    {
        if (!Size.SequenceEqual(volume.Size))
        {
            throw new InvalidDataException(
                $"'{_path}' has {string.Join('x', Size)} voxels, and its volume '{volume._path}' {string.Join('x', volume.Size)}; they must be the same.");
        }

        // A file without orientation has that of its volume.
        var apart = Orientation == Unknown || volume.Orientation == Unknown ? 0 : Enumerable.Range(0, 8).Max(corner => Apart(volume, corner));
        if (apart > AffineTolerance * Enumerable.Range(0, 3).Min(axis => volume.Distance(axis) ?? 1))
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"'{_path}' ({Orientation}) lies up to {apart:G3} mm from its volume '{volume._path}' ({volume.Orientation}): "
                + $"their affines differ, so that a voxel of one is not that of the other. Resample it to its volume."));
        }
    }

    /// <summary>What a file of other values in the same space begins with.</summary>
    /// <param name="type">The type of its values.</param>
    public byte[] With(NiftiType type)
    {
        var bytes = new byte[Start];
        _bytes.CopyTo(bytes, 0);
        WriteShort(DataType, (short)type);
        WriteShort(BitsPerValue, (short)(type == NiftiType.UInt8 ? 8 : 32));
        WriteFloat(VoxelOffset, Start);
        WriteFloat(ScaleSlope, 1);
        WriteFloat(ScaleIntercept, 0);

        // Range of display, as it is in nobody's file of masks.
        WriteFloat(124, 0);
        WriteFloat(128, 0);
        return bytes;

        void WriteShort(int place, short value)
        {
            if (IsLittleEndian)
            {
                BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(place), value);
            }
            else
            {
                BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(place), value);
            }
        }

        void WriteFloat(int place, float value)
        {
            if (IsLittleEndian)
            {
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(place), value);
            }
            else
            {
                BinaryPrimitives.WriteSingleBigEndian(bytes.AsSpan(place), value);
            }
        }
    }

    /// <summary>An error about the file.</summary>
    public InvalidDataException Fault(string what, Exception? inner = null) => new($"Volume '{_path}' cannot be read: {what}.", inner);

    private short Short(int place) => IsLittleEndian
        ? BinaryPrimitives.ReadInt16LittleEndian(_bytes.AsSpan(place))
        : BinaryPrimitives.ReadInt16BigEndian(_bytes.AsSpan(place));

    private float Float(int place) => IsLittleEndian
        ? BinaryPrimitives.ReadSingleLittleEndian(_bytes.AsSpan(place))
        : BinaryPrimitives.ReadSingleBigEndian(_bytes.AsSpan(place));

    private double MillimetersPerUnit => (_bytes[Units] & 7) switch
    {
        1 => 1000,
        3 => 0.001,
        _ => 1,
    };

    private void RequireKind()
    {
        var length = IsLittleEndian ? BinaryPrimitives.ReadInt32LittleEndian(_bytes) : BinaryPrimitives.ReadInt32BigEndian(_bytes);
        if (length == SecondVersion)
        {
            throw Fault("it is a NIfTI-2 file; save it as NIfTI-1");
        }

        if (length != Length)
        {
            throw Fault("it does not begin as a NIfTI-1 file does");
        }

        var mark = _bytes.AsSpan(Mark, 4);
        if (!mark.SequenceEqual("n+1\0"u8))
        {
            throw Fault(
                mark.SequenceEqual("ni1\0"u8) ? "it is the header of a pair .hdr and .img; save it as one file .nii" : "it has no mark of a NIfTI-1 file");
        }
    }

    private int[] ReadSize()
    {
        int count = Short(Dimensions);
        if (count is < 2 or > MostDimensions)
        {
            throw Fault($"it says that it has {count} dimensions; 2 or 3 are read");
        }

        int[] size = [.. Enumerable.Range(1, count).Select(place => (int)Short(Dimensions + (2 * place)))];
        var words = $"[{string.Join(", ", size)}]";
        if (size.Any(length => length < 1))
        {
            throw Fault($"it says that its size is {words}");
        }

        return size.Skip(3).All(length => length == 1)
            ? [size[0], size[1], count == 2 ? 1 : size[2]]
            : throw Fault(
                $"its size is {words}, and one volume is read; write each to a file of its own, those of one scan as channels ID_0000.nii.gz, ID_0001.nii.gz");
    }

    private long ReadOffset()
    {
        var offset = Float(VoxelOffset);
        return offset is >= Start and < int.MaxValue && offset == MathF.Floor(offset)
            ? (long)offset
            : throw Fault(FormattableString.Invariant($"it says that its values begin at {offset}, and they cannot before {Start}"));
    }

    // A slope of 0, or one that is no number, says that values are as they are stored.
    private (double Slope, double Intercept) ReadScale()
    {
        var (slope, intercept) = (Float(ScaleSlope), Float(ScaleIntercept));
        if (slope == 0 || !float.IsFinite(slope))
        {
            return (1, 0);
        }

        return float.IsFinite(intercept) ? (slope, intercept) : throw Fault(FormattableString.Invariant($"it says that {intercept} is added to its values"));
    }

    private double[] ReadAffine()
    {
        var affine = Short(SFormCode) != 0 ? [.. Enumerable.Range(0, 12).Select(place => (double)Float(SFormRows + (4 * place)))]
            : Short(QFormCode) != 0 ? OfQuaternion()
            : new[] { Distance(0) ?? 1, 0, 0, 0, 0, Distance(1) ?? 1, 0, 0, 0, 0, Distance(2) ?? 1, 0 };
        return Array.TrueForAll(affine, double.IsFinite) ? affine : throw Fault("its affine holds a value that is not finite");
    }

    private double[] OfQuaternion()
    {
        var (b, c, d) = ((double)Float(Quaternion), (double)Float(Quaternion + 4), (double)Float(Quaternion + 8));
        var a = Math.Sqrt(Math.Max(0, 1 - ((b * b) + (c * c) + (d * d))));
        double[] rotation =
        [
            (a * a) + (b * b) - (c * c) - (d * d), 2 * ((b * c) - (a * d)), 2 * ((b * d) + (a * c)),
            2 * ((b * c) + (a * d)), (a * a) + (c * c) - (b * b) - (d * d), 2 * ((c * d) - (a * b)),
            2 * ((b * d) - (a * c)), 2 * ((c * d) + (a * b)), (a * a) + (d * d) - (b * b) - (c * c),
        ];
        double[] lengths = [Float(Spacing + 4), Float(Spacing + 8), Float(Spacing + 12) * (Float(Spacing) < 0 ? -1 : 1)];
        return
        [
            .. Enumerable.Range(0, 3).SelectMany(row => (double[])
                [.. Enumerable.Range(0, 3).Select(column => rotation[(3 * row) + column] * lengths[column]), Float(QFormOffset + (4 * row))]),
        ];
    }

    /// <summary>How far one of the eight corners lies from that of another volume of the same size, in millimeters.</summary>
    private double Apart(NiftiHeader other, int corner)
    {
        double Along(int row) => Enumerable.Range(0, 4).Sum(column =>
            (Affine[(4 * row) + column] - other.Affine[(4 * row) + column]) * (column == 3 ? 1 : ((corner >> column) & 1) * (Size[column] - 1)));
        return Math.Sqrt(Enumerable.Range(0, 3).Sum(row => Along(row) * Along(row)));
    }

    // The axis of the patient that an axis of voxels is nearest to.
    private char Direction(int axis)
    {
        var row = Enumerable.Range(0, 3).MaxBy(row => Math.Abs(Affine[(4 * row) + axis]));
        return "LPIRAS"[Affine[(4 * row) + axis] > 0 ? row + 3 : row];
    }
}
