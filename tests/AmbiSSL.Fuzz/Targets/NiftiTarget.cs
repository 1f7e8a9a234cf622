using System.Buffers.Binary;
using System.IO.Compression;

namespace AmbiSSL.Fuzz.Targets;

/// <summary>Volumes of NIfTI in either byte order, compressed and not.</summary>
internal sealed class NiftiTarget : FuzzTarget
{
    private static readonly ReadingOptions Reading = new() { MaximumPixels = 1 << 20 };

    public override string Name => "nifti";

    public override string Invariant => "Refused by name, or its first and its last slice are read in the size it says and written back, or refused by name.";

    public override string FileName => "volume.nii";

    public override bool Check(string path) => Accepts(path, () => Read(path), typeof(InvalidDataException));

    protected override IReadOnlyList<byte[]> MakeSound()
    {
        var little = Make(4, 16, isLittle: true);
        return [little, Make(16, 32, isLittle: false), Compress(little)];
    }

    private static byte[] Make(short type, short bits, bool isLittle)
    {
        var file = new byte[352 + (4 * 3 * 2 * bits / 8)];
        void Put(int place, short value)
        {
            var bytes = file.AsSpan(place);
            if (isLittle)
            {
                BinaryPrimitives.WriteInt16LittleEndian(bytes, value);
            }
            else
            {
                BinaryPrimitives.WriteInt16BigEndian(bytes, value);
            }
        }

        void PutFloat(int place, float value)
        {
            var bytes = BitConverter.SingleToInt32Bits(value);
            Put(place, (short)(isLittle ? bytes : bytes >> 16));
            Put(place + 2, (short)(isLittle ? bytes >> 16 : bytes));
        }

        Put(isLittle ? 0 : 2, 348);
        foreach (var (index, length) in ((short[])[3, 4, 3, 2, 1, 1, 1, 1]).Index())
        {
            Put(40 + (2 * index), length);
            PutFloat(76 + (4 * index), index);
        }

        Put(70, type);
        Put(72, bits);
        PutFloat(108, 352);
        PutFloat(112, 0.5f);
        Put(252, 1);
        Put(254, 1);
        PutFloat(280, -1);
        PutFloat(300, 2);
        PutFloat(320, 3);
        "n+1"u8.CopyTo(file.AsSpan(344));
        return file;
    }

    private static byte[] Compress(byte[] file)
    {
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.Optimal))
        {
            zip.Write(file);
        }

        return bytes.ToArray();
    }

    private static void Read(string path)
    {
        var slices = NiftiImages.Open(path, reading: Reading);
        foreach (var i in (int[])[0, slices.Count - 1])
        {
            Require(slices.Read(i).Pixels.Shape == slices.Shape, "a slice has another size");
        }

        var copy = path + ".gz";
        slices.WriteMap(slices.Volumes[0], copy, index => slices.Read(index).Pixels.ToFloats());
        var again = NiftiImages.Open(copy, reading: Reading);
        Require(
            again.Count == slices.Count && again.Read(0).Pixels.ToFloats().AsSpan().SequenceEqual(slices.Read(0).Pixels.ToFloats()),
            "what is written is not what was read");
        File.Delete(copy);
    }
}
