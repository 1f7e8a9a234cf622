using NUnit.Framework;
using PureHDF;

namespace AmbiSSL.Torch.Tests.Imaging;

/// <summary>HDF5 files whose datasets have other names, shapes or places.</summary>
[TestFixture]
internal sealed class HdfLayoutTests : FolderFixture
{
    private const string Expected = "Expected are datasets such as images [100, 128, 128] or [100, 3, 128, 128] (images, channels, height, width)";

    [Test]
    public void Images_with_channels_last_are_refused_with_the_shape_to_write() => Assert.That(
        () => HdfImages.Open(Case("h_nhwc_nomask")),
        Throws.TypeOf<InvalidDataException>().With.Message.Contains("32 channels of 32x3 pixels, as if its channels were last; write it as [4, 3, 32, 32]")
            .And.Message.Contains("The file holds images [4, 32, 32, 3] (uint8). " + Expected));

    [Test]
    public void Images_are_not_unlabeled_because_masks_have_another_name()
    {
        Assert.That(
            () => HdfImages.Open(Case("h_labels")),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("has no dataset 'masks', but 'labels' [4, 3, 32, 32], which may be the masks")
                .And.Message.Contains("(--hdf5-images, --hdf5-masks)"));

        var named = HdfImages.Open(Case("h_labels"), reading: new ReadingOptions { Hdf5Masks = "labels" });
        var unlabeled = HdfImages.Open(Case("h_labels"), reading: new ReadingOptions { Hdf5Masks = "" });

        // Sums by h5py.
        Assert.Multiple(() =>
        {
            Assert.That(named.Read(1).Annotations.Values.Sum(value => value), Is.EqualTo(243));
            Assert.That(named.LeftOut, Is.Empty);
            Assert.That(unlabeled.Records.Any(record => record.IsLabeled), Is.False);
            Assert.That(unlabeled.LeftOut.Single().ToString(), Does.EndWith("labels' is a dataset [4, 3, 32, 32] that is not read"));
        });
    }

    [Test]
    public void Public_files_of_LIDC_are_known_by_their_groups()
    {
        var images = HdfImages.Open(Case("h_phiseg"));
        var fifth = images.Read(5);

        // Values by h5py: image 1 of group val, whose mask 2 has so many pixels, the first of them at row and column.
        Assert.Multiple(() =>
        {
            Assert.That(images.Count, Is.EqualTo(12));
            Assert.That(
                images.Records.Select(record => record.Id).Where((_, index) => index % 4 == 1),
                Is.EqualTo((string[])["train_00001", "val_00001", "test_00001"]));
            Assert.That(images.Records[5].Subject, Is.EqualTo("1"));
            Assert.That(images.Records[5].Columns["part"], Is.EqualTo("val"));
            Assert.That(images.Records[5].Annotators, Is.EqualTo((int[])[1, 2, 3]));
            Assert.That(fifth.Pixels.Values<byte>()[561], Is.EqualTo(187));
            Assert.That(fifth.Annotations[2].ToArray().Sum(value => value), Is.EqualTo(113));
            Assert.That(fifth.Annotations[2].IndexOf((byte)1), Is.EqualTo(464));
            Assert.That(images.LeftOut, Is.Empty);
        });
    }

    [Test]
    public void Floats_of_public_files_of_LIDC_are_put_back_to_0_to_1()
    {
        var images = new float[,,] { { { -0.5f, 0.5f }, { 0, 0.25f } } };
        var path = WriteLidc(images, new byte[1, 2, 2, 4]);

        Assert.That(HdfImages.Open(path).Read(0).Pixels.ToFloats(), Is.EqualTo((float[])[0, 1, 0.5f, 0.75f]));
    }

    [Test]
    public void Floats_that_are_not_shifted_are_refused_and_read_when_named()
    {
        var path = WriteLidc(new float[,,] { { { 0, 0.5f }, { 0, 0.75f } } }, new byte[,,,] { { { { 0, 1, 1 }, { 0, 0, 1 } }, { { 1, 0, 1 }, { 0, 1, 1 } } } });
        var named = HdfImages.Open(path, reading: new ReadingOptions { Hdf5Images = "train/images", Hdf5Masks = "train/labels" });

        Assert.Multiple(() =>
        {
            Assert.That(() => HdfImages.Open(path).Read(0), Throws.TypeOf<InvalidDataException>().With.Message.Contains(
                "holds the value 0.75; public files of LIDC, with groups train, val, test, hold -0.5 to 0.5"));
            Assert.That(named.Read(0).Pixels.ToFloats(), Is.EqualTo((float[])[0, 0.5f, 0, 0.75f]));
            Assert.That(named.Read(0).Annotations.Values, Is.EqualTo((byte[])[0, 0, 1, 0, 1, 0, 0, 1, 1, 1, 1, 1]));
        });
    }

    [Test]
    public void Parts_of_other_sizes_are_refused()
    {
        var path = Write(new H5File
        {
            ["train"] = new H5Group { ["images"] = new float[1, 2, 2], ["labels"] = new byte[1, 2, 2, 4] },
            ["test"] = new H5Group { ["images"] = new float[1, 2, 3], ["labels"] = new byte[1, 2, 3, 4] },
        });

        Assert.That(() => HdfImages.Open(path), Throws.TypeOf<InvalidDataException>().With.Message.Contains("all images need one size and type"));
    }

    [Test]
    public void A_group_for_each_case_is_refused_with_what_the_file_holds()
    {
        var path = Write(new H5File
        {
            ["case_1"] = new H5Group { ["image"] = new float[8, 9], ["label"] = new byte[8, 9] },
            ["case_2"] = new H5Group { ["image"] = new float[8, 9], ["label"] = new byte[8, 9] },
        });

        Assert.That(() => HdfImages.Open(path), Throws.TypeOf<InvalidDataException>().With.Message.Contains(
            "has no dataset 'images'. The file holds case_1/image [8, 9] (float32), case_1/label [8, 9] (uint8), case_2/image [8, 9] (float32), "
            + "case_2/label [8, 9] (uint8). " + Expected));
    }

    [Test]
    public void A_group_in_place_of_images_is_refused()
    {
        var path = Write(new H5File { ["images"] = new H5Group { ["p1"] = new float[8, 9] } });

        Assert.That(() => HdfImages.Open(path), Throws.TypeOf<InvalidDataException>().With.Message.Contains(
            "'images' in '" + path + "' is a group, and one dataset of all images is expected. The file holds images/p1 [8, 9] (float32)."));
    }

    [Test]
    public void What_many_groups_hold_is_told_in_part()
    {
        var file = new H5File();
        for (var patient = 0; patient < 40; patient++)
        {
            file[$"p{patient:00}"] = new H5Group { ["ct"] = new float[2, 2] };
        }

        var path = Write(file);

        Assert.That(() => HdfImages.Open(path), Throws.TypeOf<InvalidDataException>().With.Message.Contains("p11/ct [2, 2] (float32) and more. Expected"));
    }

    [Test]
    public void Subjects_and_readers_are_looked_for_beside_the_images()
    {
        var path = Write(new H5File
        {
            ["subjects"] = new[] { "a", "b" },
            ["ct"] = new H5Group
            {
                ["slices"] = new byte[2, 2, 2], ["outlines"] = new byte[2, 1, 2, 2], ["subjects"] = new[] { 7L, 8L }, ["readers"] = new[] { "r" },
            },
        });
        var images = HdfImages.Open(path, reading: new ReadingOptions { Hdf5Images = "ct/slices", Hdf5Masks = "ct/outlines" });

        Assert.That(images.Records.Select(record => (record.Subject, record.Readers[0])), Is.EqualTo(new[] { ("7", "r"), ("8", "r") }));
        Assert.That(images.LeftOut.Select(file => Path.GetFileName(file.Path)), Is.EqualTo((string[])["subjects"]));
    }

    [Test]
    public void One_mask_an_image_needs_no_dimension_of_its_own()
    {
        var images = HdfImages.Open(Write(new H5File { ["images"] = new byte[2, 1, 2], ["masks"] = new byte[,,] { { { 0, 1 } }, { { 255, 0 } } } }));

        Assert.That(images.Read(0).Annotations.Values, Is.EqualTo((byte[])[0, 1]));
        Assert.That(images.Read(1).Annotations.Values, Is.EqualTo((byte[])[1, 0]));
    }

    [Test]
    public void Several_labels_are_refused_until_the_foreground_is_named()
    {
        var path = Write(new H5File { ["images"] = new byte[1, 1, 4], ["masks"] = new byte[,,] { { { 0, 1, 2, 2 } } } });

        Assert.That(() => HdfImages.Open(path).Read(0), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
            $"Image 0 in dataset 'masks' of '{path}' holds the values 2 (50.0 %), 0 (25.0 %), 1 (25.0 %). Expected is 0 for background beside 1 or 255 for "
            + "foreground; name the foreground with ForegroundValues (--foreground): nonzero, at-least-half, or a list of values; "
            + "or several classes with Classes (--classes), such as core=1,rim=2."));
        Assert.That(
            HdfImages.Open(path, reading: new ReadingOptions { ForegroundValues = ForegroundValues.Of(2) }).Read(0).Annotations.Values,
            Is.EqualTo((byte[])[0, 0, 1, 1]));
    }

    [Test]
    public void Ignored_labels_do_not_count()
    {
        var path = Write(new H5File { ["images"] = new byte[1, 1, 4], ["masks"] = new byte[,,] { { { 0, 1, 255, 255 } } } });

        var masks = HdfImages.Open(path, reading: new ReadingOptions { ForegroundValues = ForegroundValues.Unmistakable.Ignoring(255) }).Read(0).Annotations;

        Assert.That((masks.Values, masks.Ignored), Is.EqualTo(((byte[])[0, 1, 0, 0], (byte[])[0, 0, 1, 1])));
    }

    [TestCase("ct", "has no dataset 'ct'")]
    [TestCase("labels", "must be [N, C, H, W] or [N, H, W]")]
    public void A_named_dataset_that_holds_no_images_is_refused(string name, string message)
    {
        var path = Write(new H5File { ["images"] = new byte[2, 2, 2], ["labels"] = new byte[2] });

        Assert.That(
            () => HdfImages.Open(path, reading: new ReadingOptions { Hdf5Images = name }),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains(message).And.Message.Contains(
                "The file holds images [2, 2, 2] (uint8), labels [2] (uint8)"));
    }

    [Test]
    public void An_empty_name_is_none_for_images() => Assert.That(
        () => HdfImages.Open(Case("h_labels"), reading: new ReadingOptions { Hdf5Images = "" }),
        Throws.ArgumentException.With.Message.StartsWith("Option Hdf5Images is ''; it must be the name of a dataset"));

    private static string Case(string name) => Path.Combine(TestContext.CurrentContext.TestDirectory, "Cases", "hdf5_channels_last", name + ".h5");

    private string WriteLidc(float[,,] images, byte[,,,] labels) =>
        Write(new H5File { ["train"] = new H5Group { ["images"] = images, ["labels"] = labels, ["uids"] = new[] { 5L } } });

    private string Write(H5File file)
    {
        var path = Folder.Combine(Guid.NewGuid().ToString("N") + ".h5");
        file.Write(path);
        return path;
    }
}
