using PureHDF;

namespace AmbiSSL.Fuzz.Targets;

/// <summary>Arrays in HDF5.</summary>
internal sealed class HdfTarget : FuzzTarget
{
    private static readonly ReadingOptions Reading = new() { MaximumPixels = 1 << 20 };

    public override string Name => "hdf5";

    public override string Invariant => "Refused by name, or its first and its last image are read in the size it says, or refused by name.";

    public override string FileName => "data.h5";

    // PureHDF takes as much as a damaged length says; the process has a limit.
    public override long MostAllocated => long.MaxValue;

    public override bool Check(string path) => Accepts(path, () => Read(path), typeof(InvalidDataException));

    protected override IReadOnlyList<byte[]> MakeSound() =>
    [
        Write(new H5File { ["images"] = new byte[3, 4, 5], ["masks"] = new byte[3, 2, 4, 5], ["subjects"] = (string[])["p", "q", "p"] }),
        Write(new H5File { ["images"] = new float[2, 1, 4, 5] }),
        Write(new H5File { ["val"] = new H5Group { ["images"] = new float[2, 4, 5], ["labels"] = new byte[2, 4, 5, 3], ["uids"] = new[] { 1L, 2L } } }),
    ];

    private static byte[] Write(H5File file)
    {
        var path = Path.GetTempFileName();
        file.Write(path);
        var bytes = File.ReadAllBytes(path);
        File.Delete(path);
        return bytes;
    }

    private static void Read(string path)
    {
        var images = HdfImages.Open(path, reading: Reading);
        foreach (var i in (int[])[0, images.Count - 1])
        {
            Require(images.Read(i).Pixels.Shape == images.Shape, "an image has another size");
        }
    }
}
