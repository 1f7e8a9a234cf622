using System.Buffers.Binary;
using AmbiSSL.Torch.Imaging;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Imaging;

[TestFixture]
internal sealed class NiftiImagesTests : FolderFixture
{
    // Slices by nibabel: data[:, :, 1].T, data[:, 2, :].T and data[3, :, :].T.
    [TestCase(null, 1, 3, 4, new float[] { 60, 61, 62, 63, 64, 65, 20, 21, 22, 23, 24, 25 }, 3, 2)]
    [TestCase(1, 2, 2, 4, new float[] { 9, 10, 11, 12, 22, 23, 24, 25 }, 4, 2)]
    [TestCase(0, 3, 2, 3, new float[] { 3, 8, 12, 63, 21, 25 }, 4, 3)]
    public void Slices_lie_across_the_axis(int? axis, int slice, int height, int width, float[] values, double row, double column)
    {
        var source = ImageSources.Open(Write("scan.nii.gz", NiftiFiles.Plain), reading: new ReadingOptions { SliceAxis = axis });
        var image = source.Read(slice);

        Assert.Multiple(() =>
        {
            Assert.That(source, Is.TypeOf<NiftiImages>());
            Assert.That(image.Shape, Is.EqualTo(new ImageShape(1, height, width)));
            Assert.That(image.Pixels.ToFloats(), Is.EqualTo(values));
            Assert.That(source.Records[slice].Spacing, Is.EqualTo(new PixelSpacing(row, column)));
            Assert.That((image.Id, image.Subject), Is.EqualTo(($"scan_slice-00{slice}", "scan")));
            Assert.That(source.Records[slice].IsLabeled, Is.False);
        });
    }

    [Test]
    public void Volumes_have_masks_by_reader_and_subjects_by_the_index()
    {
        Write("images/a.nii.gz", NiftiFiles.Scaled);
        Write("images/b.nii.gz", NiftiFiles.Plain);
        WriteMask("masks/b_r1.nii.gz", 1, voxel => voxel == 13);
        WriteMask("masks/b_r2.nii.gz", 255, voxel => voxel is 12 or 13);
        File.WriteAllText(Folder.Combine("index.csv"), "id,subject,annotators,readers,fold,site\nb,P7,2,anna;ben,1,Rome\na,P8,0,,0,Bern\n");

        var source = ImageSources.Open(Folder.Path);
        var labeled = source.Read(1);

        Assert.Multiple(() =>
        {
            Assert.That(
                source.Records.Select(
                    record => (record.Id, record.Subject, record.Fold, record.Columns["site"], record.Columns["slice"], record.Columns["volume"])),
                Is.EqualTo(new (string, string, int?, string, string, string)[]
                {
                    ("b_slice-000", "P7", 1, "Rome", "0", "b"), ("b_slice-001", "P7", 1, "Rome", "1", "b"),
                    ("a_slice-000", "P8", 0, "Bern", "0", "a"), ("a_slice-001", "P8", 0, "Bern", "1", "a"),
                }));
            Assert.That(labeled.Annotations.Readers, Is.EqualTo((string[])["anna", "ben"]));
            Assert.That(labeled.Annotations[0].ToArray(), Is.EqualTo((byte[])[0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
            Assert.That(labeled.Annotations[1].ToArray(), Is.EqualTo((byte[])[1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
            Assert.That(source.Read(0).Annotations.Values, Is.All.Zero);
            Assert.That((source.Records[2].IsLabeled, source.Read(2).Pixels.ToFloats()[1]), Is.EqualTo((false, -999.5f)));
            Assert.That(source.LeftOut, Is.Empty);
        });
    }

    [Test]
    public void Channels_of_nnUNets_layout_are_stacked()
    {
        Write("imagesTr/p_0000.nii.gz", NiftiFiles.Plain);
        Write("imagesTr/p_0001.nii.gz", NiftiFiles.Scaled);
        WriteMask("labelsTr/p.nii.gz", 2, voxel => voxel == 2);
        File.WriteAllText(
            Folder.Combine("dataset.json"), """{"channel_names": {"0": "CT", "1": "PET"}, "labels": {"background": 0, "organ": 1, "lesion": 2}}""");

        var source = ImageSources.Open(Folder.Path, reading: new ReadingOptions { Category = "lesion" });
        var image = source.Read(0);

        Assert.That(source.Shape, Is.EqualTo(new ImageShape(2, 3, 4)));
        Assert.That((image.Pixels.ToFloats()[4], image.Pixels.ToFloats()[12 + 4]), Is.EqualTo((100f, -950f)));
        Assert.That(image.Annotations.Values, Is.EqualTo((byte[])[0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    }

    [Test]
    public void A_folder_of_volumes_is_unlabeled_unless_one_is_named_as_a_mask()
    {
        Write("scans/b.nii.gz", NiftiFiles.Plain);
        Write("scans/a.nii.gz", NiftiFiles.Plain);
        Assert.That(((NiftiImages)ImageSources.Open(Folder.Combine("scans"))).Volumes, Is.EqualTo((string[])["a", "b"]));

        Write("scans/a_seg.nii.gz", NiftiFiles.Plain);
        Assert.That(() => ImageSources.Open(Folder.Combine("scans")), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
            $"'{Folder.Combine("scans", "a_seg.nii.gz")}' is named as a mask and lies beside the volumes; "
            + $"put volumes into the folder images and masks into masks, as '{Folder.Combine("scans", "masks", "a_r1.nii.gz")}'."));
    }

    [Test]
    public void A_mask_elsewhere_is_refused()
    {
        Write("images/a.nii.gz", NiftiFiles.Plain);
        var moved = NiftiFiles.Unpack(NiftiFiles.Plain);
        BinaryPrimitives.WriteSingleLittleEndian(moved.AsSpan(280), 2);
        File.WriteAllBytes(Folder.Combine("masks", "a_r1.nii.gz"), moved);

        Assert.That(() => NiftiImages.Open(Folder.Path), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
            $"'{Folder.Combine("masks", "a_r1.nii.gz")}' (RAS) lies up to 12 mm from its volume '{Folder.Combine("images", "a.nii.gz")}' "
            + "(LAS): their affines differ, so that a voxel of one is not that of the other. Resample it to its volume."));
    }

    [Test]
    public void A_mask_of_another_size_is_refused()
    {
        Write("images/a.nii.gz", NiftiFiles.Plain);
        var other = NiftiFiles.Unpack(NiftiFiles.Plain);
        ((byte[])[3, 0, 4]).CopyTo(other, 42);
        File.WriteAllBytes(Folder.Combine("masks", "a_r1.nii.gz"), other);

        Assert.That(() => NiftiImages.Open(Folder.Path), Throws.TypeOf<InvalidDataException>().With.Message.Contains("has 3x4x2 voxels, and its volume '"));
    }

    [Test]
    public void A_mask_that_does_not_say_its_orientation_has_that_of_its_volume()
    {
        Write("images/a.nii.gz", NiftiFiles.Plain);
        Write("masks/a_r1.nii.gz", NiftiFiles.Unoriented);

        Assert.That(NiftiImages.Open(Folder.Path, reading: new ReadingOptions { ForegroundValues = ForegroundValues.Of(1) }).Read(0).Annotations.Values,
            Is.EqualTo((byte[])[0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    }

    [Test]
    public void Ignored_labels_do_not_count()
    {
        Write("images/a.nii.gz", NiftiFiles.Plain);
        Write("masks/a_r1.nii.gz", NiftiFiles.Unoriented);

        var masks = NiftiImages.Open(Folder.Path, reading: new ReadingOptions { ForegroundValues = ForegroundValues.Nonzero.Ignoring(1) }).Read(0).Annotations;

        Assert.That(masks.Ignored, Is.EqualTo((byte[])[0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
        Assert.That(masks.Values[1], Is.Zero);
    }

    [Test]
    public void Volumes_of_several_orientations_are_refused()
    {
        Write("images/a.nii.gz", NiftiFiles.Plain);
        Write("images/b.nii.gz", NiftiFiles.Turned);

        Assert.That(() => NiftiImages.Open(Folder.Path), Throws.TypeOf<InvalidDataException>().With.Message.Contains("b.nii.gz' has the orientation LPI, and '")
            .And.Message.Contains("a.nii.gz' LAS, so that their slices lie differently"));
    }

    [Test]
    public void Labels_that_leave_a_doubt_are_refused()
    {
        Write("images/a.nii.gz", NiftiFiles.Plain);
        Write("masks/a_r1.nii.gz", NiftiFiles.Plain);

        Assert.That(() => NiftiImages.Open(Folder.Path).Read(0), Throws.TypeOf<InvalidDataException>().With.Message.StartsWith(
            $"Mask '{Folder.Combine("masks", "a_r1.nii.gz")}' holds the values 0 (4.2 %), 1 (4.2 %), 2 (4.2 %)").And.Message.Contains("(--foreground)"));

        Write("masks/a_r1.nii.gz", NiftiFiles.Scaled);
        Assert.That(() => NiftiImages.Open(Folder.Path).Read(0), Throws.TypeOf<InvalidDataException>().With.Message.EndsWith(
            "holds the value -1000; labels are whole numbers from 0 to 65535."));
    }

    [Test]
    public void Values_that_are_not_finite_are_refused()
    {
        var file = NiftiFiles.Unpack(NiftiFiles.Turned);
        ((byte[])[0, 16, 0, 32]).CopyTo(file, 70);
        BinaryPrimitives.WriteInt16BigEndian(file.AsSpan(42), 2);
        BinaryPrimitives.WriteSingleBigEndian(file.AsSpan(352 + (4 * 6)), float.NaN);
        File.WriteAllBytes(Folder.Combine("a.nii"), file);

        Assert.That(() => NiftiImages.Open(Folder.Combine("a.nii")).Read(1), Throws.TypeOf<InvalidDataException>().With.Message.Contains(
            "Slice 1 of volume '").And.Message.EndsWith("holds the value NaN; values must be finite."));
    }

    [Test]
    public void A_volume_of_other_slices_is_refused_until_it_is_resized()
    {
        Write("images/a.nii.gz", NiftiFiles.Plain);
        var other = NiftiFiles.Unpack(NiftiFiles.Plain);
        ((byte[])[3, 0, 4]).CopyTo(other, 42);
        File.WriteAllBytes(Folder.Combine("images", "b.nii"), other);

        Assert.That(
            () => NiftiImages.Open(Folder.Path).Read(2),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("are 1x4x3").And.Message.Contains("are 1x3x4"));
        var resized = NiftiImages.Open(Folder.Path, new Preprocessing { Resize = new ImageSize(4, 4) });
        Assert.That(resized.Read(2).Shape, Is.EqualTo(new ImageShape(1, 4, 4)));
        Assert.That(resized.Records[2].Spacing, Is.EqualTo(new PixelSpacing(3 * 4 / 4.0, 2 * 3 / 4.0)));
    }

    [TestCase(NiftiFiles.Plain, null)]
    [TestCase(NiftiFiles.Turned, null)]
    [TestCase(NiftiFiles.Scaled, 0)]
    [TestCase(NiftiFiles.Turned, 1)]
    public void What_is_written_lies_where_it_was_read(string packed, int? axis)
    {
        var source = NiftiImages.Open(Write("scan.nii.gz", packed), reading: new ReadingOptions { SliceAxis = axis });
        var path = Folder.Combine("out.nii.gz");

        source.WriteMap("scan", path, index => source.Read(index).Pixels.ToFloats());
        var (written, read) = (NiftiVolume.Read(path), NiftiVolume.Read(Folder.Combine("scan.nii.gz")));

        Assert.Multiple(() =>
        {
            Assert.That(Enumerable.Range(0, 24).Select(place => written[place]), Is.EqualTo(Enumerable.Range(0, 24).Select(place => read[place])));
            Assert.That(written.Header.Affine, Is.EqualTo(read.Header.Affine));
            Assert.That(written.Header.Type, Is.EqualTo(NiftiType.Float32));
        });
    }

    [Test]
    public void The_header_of_a_written_mask_differs_in_its_type_and_scale_alone()
    {
        var source = NiftiImages.Open(Write("scan.nii.gz", NiftiFiles.Scaled));
        source.WriteMask("scan", Folder.Combine("mask.nii.gz"), index => [0, 9, .. new byte[9], (byte)index]);
        var (written, read) = (NiftiFiles.Unpack(File.ReadAllBytes(Folder.Combine("mask.nii.gz"))), NiftiFiles.Unpack(NiftiFiles.Scaled));

        Assert.Multiple(() =>
        {
            Assert.That(
                Enumerable.Range(0, 352).Where(place => written[place] != read[place]),
                Is.SubsetOf((int[])[70, 71, 72, 73, .. Enumerable.Range(112, 8)]));
            Assert.That(written[352..], Is.EqualTo((byte[])[0, 1, .. new byte[10], 0, 1, .. new byte[9], 1]));
        });
    }

    [Test]
    public void What_was_cropped_is_put_back_and_what_was_resized_is_scaled_back()
    {
        var path = Write("scan.nii.gz", NiftiFiles.Plain);
        var (cropped, resized) = (
            NiftiImages.Open(path, new Preprocessing { Crop = new ImageSize(2, 2) }),
            NiftiImages.Open(path, new Preprocessing { Resize = new ImageSize(6, 8) }));
        cropped.WriteMask("scan", Folder.Combine("c.nii.gz"), _ => [1, 1, 1, 0]);
        resized.WriteMap("scan", Folder.Combine("r.nii.gz"), _ => [.. Enumerable.Repeat(0.5f, 48)]);

        Assert.That(Values("c.nii.gz").Take(12), Is.EqualTo((double[])[0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
        Assert.That(Values("r.nii.gz"), Is.All.EqualTo(0.5));
        Assert.That((cropped.Records[0].Spacing, resized.Records[0].Spacing), Is.EqualTo((new PixelSpacing(3, 2), new PixelSpacing(1.5, 1))));
    }

    [Test]
    public void A_volume_that_is_not_there_and_a_mask_of_another_size_are_refused()
    {
        var source = NiftiImages.Open(Write("scan.nii.gz", NiftiFiles.Plain));

        Assert.That(
            () => source.WriteMask("b", Folder.Combine("m.nii.gz"), _ => new byte[12]),
            Throws.ArgumentException.With.Message.Contains("no volume 'b'"));
        Assert.That(
            () => source.WriteMask("scan", Folder.Combine("m.nii.gz"), _ => new byte[4]),
            Throws.ArgumentException.With.Message.Contains("has 4 values; 3x4 needs 12"));
        Assert.That(File.Exists(Folder.Combine("m.nii.gz")), Is.False);
    }

    [Test]
    public void An_axis_is_of_volumes_alone()
    {
        ImageFile.WriteMask(Folder.Combine("images", "a.png"), new ImageSize(2, 2), new byte[4]);

        Assert.That(
            () => ImageSources.Open(Folder.Path, reading: new ReadingOptions { SliceAxis = 1 }),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("SliceAxis"));
        Assert.That(
            () => NiftiImages.Open(Write("a.nii", NiftiFiles.Plain), reading: new ReadingOptions { SliceAxis = 3 }),
            Throws.ArgumentException.With.Message.StartsWith("Option SliceAxis is 3; it must be 0, 1 or 2"));
    }

    [Test]
    public void Pictures_beside_volumes_make_a_second_layout()
    {
        Write("images/a.nii.gz", NiftiFiles.Plain);
        ImageFile.WriteMask(Folder.Combine("images", "b.png"), new ImageSize(2, 2), new byte[4]);

        Assert.That(
            () => ImageSources.Open(Folder.Path),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("(ImageFolder)").And.Message.Contains("(NiftiImages)"));
    }

    [Test]
    public void Slices_of_several_volumes_are_read_from_several_threads()
    {
        Write("images/a.nii.gz", NiftiFiles.Plain);
        Write("images/b.nii.gz", NiftiFiles.Scaled);
        var source = NiftiImages.Open(Folder.Path);

        float[] seconds = [1, 61, -999.5f, -969.5f];

        Assert.That(
            Enumerable.Range(0, 80).AsParallel().WithDegreeOfParallelism(4).All(index => source.Read(index % 4).Pixels.ToFloats()[1] == seconds[index % 4]),
            Is.True);
    }

    private IEnumerable<double> Values(string name)
    {
        var volume = NiftiVolume.Read(Folder.Combine(name));
        return Enumerable.Range(0, volume.Count).Select(place => volume[place]);
    }

    private void WriteMask(string path, byte label, Predicate<int> isInside)
    {
        var file = NiftiFiles.Unpack(NiftiFiles.Plain);
        for (var voxel = 0; voxel < 24; voxel++)
        {
            file[352 + voxel] = isInside(voxel) ? label : (byte)0;
        }

        File.WriteAllBytes(Folder.Combine(path.Split('/')), file);
    }

    private string Write(string path, string packed)
    {
        var full = Folder.Combine(path.Split('/'));
        File.WriteAllBytes(full, Convert.FromBase64String(packed));
        return full;
    }
}
