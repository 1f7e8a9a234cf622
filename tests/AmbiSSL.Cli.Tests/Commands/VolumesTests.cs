using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;

namespace AmbiSSL.Cli.Tests.Commands;

/// <summary>NIfTI in and out.</summary>
internal sealed class VolumesTests : CliFixture
{
    private const int Side = 16;
    private const int Slices = 3;
    private const int Voxels = Side * Side * Slices;

    [Test]
    public void Masks_are_written_back_into_the_space_of_their_volume()
    {
        WriteVolumes();
        Tool.Run([
            "train", "--data", Folder, "--crop", "8x12", "--method", "supervised", "--backbone", "unet", "--filters", "4,8", "--epochs", "1",
            "--batch", "4", "--device", "cpu", "--seed", "1", "--out", At("model.zip")]);

        string[] predict = ["predict", "--model", At("model.zip"), "--data", At("images", "p1.nii.gz"), "--samples", "2", "--out", At("out")];
        var first = Tool.Succeed([.. predict, "--shard", "0/2"]);
        var second = Tool.Succeed([.. predict, "--shard", "1/2"]);

        var (image, mask, probability) = (Unpack("images/p1.nii.gz"), Unpack("out/volumes/p1_s2.nii.gz"), Unpack("out/volumes/p1_probability.nii.gz"));
        var drawn = ImagePixels.Load(At("out", "masks", "p1_slice-001_s2.png")).Values<byte>().ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(first, Does.Contain("0 volumes in").And.Contain("1 wait for slices of other shards."));
            Assert.That(second, Does.Contain("1 volumes in").And.Contain("0 wait for slices of other shards."));
            Assert.That(Enumerable.Range(0, 348).Where(place => mask[place] != image[place]), Is.SubsetOf((int[])[70, 72]));
            Assert.That(mask, Has.Length.EqualTo(352 + Voxels));
            Assert.That(Crop(mask), Is.EqualTo(drawn.Select(value => value == 0 ? 0 : 1)));
            Assert.That(mask[352..].Count(value => value != 0), Is.LessThanOrEqualTo(Slices * 8 * 12));
            Assert.That(probability, Has.Length.EqualTo(352 + (4 * Voxels)));
            Assert.That(
                BinaryPrimitives.ReadSingleLittleEndian(probability.AsSpan(352 + (4 * ((Side * Side) + (4 * Side) + 2)))),
                Is.EqualTo(ImagePixels.Load(At("out", "probability", "p1_slice-001.png")).ToFloats()[0]));
            Assert.That(File.Exists(At("out", "volumes", "p1_uncertainty.nii.gz")), Is.True);
            Assert.That(File.Exists(At("out", "volumes", "p1_consensus.nii.gz")), Is.True);
            Assert.That(Measured("s2_area_mm2"), Is.EqualTo(drawn.Count(value => value != 0) * 2.0), "rows of 2 mm, columns of 1 mm");
        });

        // The middle slice: rows 4 to 11, columns 2 to 13.
        static IEnumerable<byte> Crop(byte[] file) =>
            from y in Enumerable.Range(4, 8) from x in Enumerable.Range(2, 12) select file[352 + (Side * Side) + (y * Side) + x];
    }

    [Test]
    public void Classes_are_learned_from_neighboring_slices_measured_and_written_back()
    {
        static byte Class(int voxel) => (byte)(voxel % Side is > 5 and < 8 ? 1 : voxel % Side is 8 or 9 ? 2 : 0);
        WriteVolumes(voxel => Class(voxel) / 2f, Class);
        Tool.Succeed(
            "train", "--data", Folder, "--classes", "core=1,rim=2", "--slices", "3", "--method", "supervised", "--backbone", "unet", "--filters",
            "4,8", "--epochs", "12", "--batch", "2",
            "--learning-rate", "0.005", "--set", "LatentFilters=[4]", "--device", "cpu", "--seed", "1", "--out", At("model.zip"));

        Tool.Succeed("predict", "--model", At("model.zip"), "--data", At("images", "p1.nii.gz"), "--slices", "3", "--samples", "2", "--out", At("out"));
        var evaluated = Tool.Succeed("evaluate", "--model", At("model.zip"), "--data", Folder, "--slices", "3", "--samples", "2");

        // The files of slices are pictures, whose colors are those of the classes.
        var mask = Unpack("out/volumes/p1_s2.nii.gz")[352..];
        var red = ImagePixels.Load(At("out", "masks", "p1_slice-001_s2.png")).Values<byte>()[..(Side * Side)].ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(mask[(Side * Side)..(2 * Side * Side)], Is.EqualTo(red.Select(value => value switch { 0x56 => 1, 0xE6 => 2, _ => 0 })));
            Assert.That(mask.Distinct().Count(), Is.GreaterThan(1), "it drew something");
            Assert.That(Measured("s2_core_area_mm2"), Is.EqualTo(red.Count(value => value == 0x56) * 2.0), "rows of 2 mm, columns of 1 mm");
            Assert.That(Measured("s2_rim_area_pixels"), Is.EqualTo(red.Count(value => value == 0xE6)));
            Assert.That(
                BinaryPrimitives.ReadSingleLittleEndian(Unpack("out/volumes/p1_probability_rim.nii.gz").AsSpan(352 + (4 * Side * Side))),
                Is.EqualTo(ImagePixels.Load(At("out", "probability", "p1_slice-001_rim.png")).ToFloats()[0]));
            Assert.That(evaluated, Does.StartWith("Masks have classes as in the model's training, core=1,rim=2;"));
        });
    }

    [Test]
    public void The_axis_of_slices_is_named()
    {
        WriteVolumes();

        Assert.That(Tool.Succeed("info", "--data", Folder, "--slice-axis", "0"), Does.Contain($"{4 * Side} of 1x{Slices}x{Side}"));
        Assert.That(Tool.Run("info", "--data", Folder, "--slice-axis", "3").Error, Does.Contain("Option SliceAxis is 3; it must be 0, 1 or 2"));
    }

    private void WriteVolumes() => WriteVolumes(voxel => voxel % 7 / 7f, voxel => (byte)(voxel % Side is > 5 and < 10 ? 1 : 0));

    private void WriteVolumes(Func<int, float> value, Func<int, byte> label)
    {
        for (var patient = 0; patient < 4; patient++)
        {
            Write(At("images", $"p{patient}.nii.gz"), 16, 32, (file, voxel) => BinaryPrimitives.WriteSingleLittleEndian(file[(4 * voxel)..], value(voxel)));
            Write(At("masks", $"p{patient}_r1.nii.gz"), 2, 8, (file, voxel) => file[voxel] = label(voxel));
        }
    }

    private delegate void Put(Span<byte> voxels, int voxel);

    // A header of 16x16x3 voxels, whose sform mirrors the first axis.
    private static void Write(string path, short type, short bits, Put put)
    {
        var file = new byte[352 + (Voxels * bits / 8)];
        BinaryPrimitives.WriteInt32LittleEndian(file, 348);
        foreach (var (index, length) in ((short[])[3, Side, Side, Slices, 1, 1, 1, 1]).Index())
        {
            BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(40 + (2 * index)), length);
            BinaryPrimitives.WriteSingleLittleEndian(file.AsSpan(76 + (4 * index)), index);
        }

        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(70), type);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(72), bits);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(254), 1);
        foreach (var (place, value) in ((int, float)[])[(108, 352), (112, 1), (280, -1), (292, 30), (300, 2), (320, 3)])
        {
            BinaryPrimitives.WriteSingleLittleEndian(file.AsSpan(place), value);
        }

        "n+1"u8.CopyTo(file.AsSpan(344));
        for (var voxel = 0; voxel < Voxels; voxel++)
        {
            put(file.AsSpan(352), voxel);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var zip = new GZipStream(File.Create(path), CompressionLevel.Optimal);
        zip.Write(file);
    }

    private double Measured(string column)
    {
        var lines = File.ReadAllLines(At("out", "measurements.csv")).Select(line => line.Split(',')).ToArray();
        return double.Parse(lines.Single(line => line[0] == "p1_slice-001")[Array.IndexOf(lines[0], column)], CultureInfo.InvariantCulture);
    }

    private byte[] Unpack(string path)
    {
        using var zip = new GZipStream(File.OpenRead(At(path.Split('/'))), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        zip.CopyTo(bytes);
        return bytes.ToArray();
    }
}
