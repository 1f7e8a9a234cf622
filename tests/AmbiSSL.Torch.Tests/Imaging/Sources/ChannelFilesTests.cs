using AmbiSSL.Torch.Imaging;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Imaging;

/// <summary>Files of a folder of images that are channels, or look like them.</summary>
[TestFixture]
internal sealed class ChannelFilesTests : FolderFixture
{
    [Test]
    public void The_index_tells_that_files_are_channels()
    {
        Write("images/a_0000.png", "images/a_0001.png", "images/b_0000.png", "images/b_0001.png");
        File.WriteAllText(Folder.Combine("index.csv"), "id,subject,annotators\nb,P1,0\na,P2,0\n");

        var folder = ImageFolder.Open(Folder.Path);

        Assert.That(folder.Records.Select(record => record.Id), Is.EqualTo((string[])["b", "a"]));
        Assert.That(folder.Records[0].ChannelPaths.Select(Path.GetFileName), Is.EqualTo((string[])["b_0000.png", "b_0001.png"]));
        Assert.That(folder.Shape.Channels, Is.EqualTo(2));
    }

    [Test]
    public void The_index_tells_that_files_are_images()
    {
        Write("images/a_0000.png", "images/a_0001.png");
        File.WriteAllText(Folder.Combine("index.csv"), "id,subject,annotators\na_0000,P1,0\na_0001,P2,0\n");

        Assert.That(ImageFolder.Open(Folder.Path).Records.Select(record => record.Id), Is.EqualTo((string[])["a_0000", "a_0001"]));
    }

    [Test]
    public void Masks_tell_that_files_are_channels_of_unlabeled_images_too()
    {
        Write("images/a_0000.png", "images/a_0001.png", "images/b_0000.png", "images/b_0001.png", "masks/a_r1.png", "masks/a_r2.png");

        var folder = ImageFolder.Open(Folder.Path, reading: new ReadingOptions { Readers = ReaderIdentity.ByNumber });

        Assert.That(
            folder.Records.Select(record => (record.Id, string.Join(' ', record.Readers), record.ChannelPaths.Count)),
            Is.EqualTo(new[] { ("a", "r1 r2", 2), ("b", "", 2) }));
        Assert.That(folder.Read(0).Shape, Is.EqualTo(new ImageShape(2, 2, 2)));
    }

    [Test]
    public void Masks_tell_that_files_are_images()
    {
        Write("images/a_0000.png", "images/a_0001.png", "masks/a_0001_r1.png");

        Assert.That(ImageFolder.Open(Folder.Path).Records.Select(record => record.IsLabeled), Is.EqualTo((bool[])[false, true]));
    }

    [Test]
    public void Where_nothing_tells_the_folder_is_refused_until_it_is_said()
    {
        Write("images/a_0000.png", "images/a_0001.png", "images/b_0000.png", "images/b_0001.png");

        Assert.Multiple(() =>
        {
            Assert.That(() => ImageFolder.Open(Folder.Path), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
                $"In '{Folder.Combine("images")}' 'a_0000' may be a channel of the image 'a', or an image; "
                + "say with ChannelFiles (--channel-files) whether files are the channels of images (yes) or images (no)."));
            Assert.That(ImageFolder.Open(Folder.Path, reading: new ReadingOptions { ChannelFiles = true }).Count, Is.EqualTo(2));
            Assert.That(ImageFolder.Open(Folder.Path, reading: new ReadingOptions { ChannelFiles = false }).Count, Is.EqualTo(4));
        });
    }

    [Test]
    public void A_doubt_of_the_masks_is_refused()
    {
        Write("images/a_0000.png", "images/a_0001.png", "masks/a_r1.png", "masks/a_0001_r1.png");

        Assert.That(() => ImageFolder.Open(Folder.Path), Throws.TypeOf<InvalidDataException>().With.Message.Contains(
            "'a_0000' is taken for a channel there, and 'a_0001' for an image; say with ChannelFiles"));
    }

    [Test]
    public void An_image_beside_its_channels_is_refused()
    {
        Write("images/a.png", "images/a_0000.png");

        Assert.That(() => ImageFolder.Open(Folder.Path, reading: new ReadingOptions { ChannelFiles = true }), Throws.TypeOf<InvalidDataException>()
            .With.Message.Contains("a.png' is an image, and").And.Message.Contains("one channel of an image of the same name"));
    }

    [Test]
    public void A_numbered_series_is_no_image_of_many_channels()
    {
        Write([.. Enumerable.Range(0, 20).Select(number => $"images/scan_{number:0000}.png")]);

        Assert.That(ImageFolder.Open(Folder.Path).Count, Is.EqualTo(20));
    }

    [Test]
    public void A_gap_is_named()
    {
        Write("images/a_0000.png", "images/a_0002.png", "masks/a_r1.png");

        Assert.That(() => ImageFolder.Open(Folder.Path), Throws.TypeOf<InvalidDataException>().With.Message.Contains("but none of number 1"));
    }

    [Test]
    public void An_option_of_another_layout_is_refused()
    {
        Write("images/a.png");

        void Refuse(ReadingOptions reading, string message) => Assert.That(
            () => ImageSources.Open(Folder.Path, reading: reading), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo($"'{Folder.Path}' {message}"));
        Assert.Multiple(() =>
        {
            Refuse(new ReadingOptions { Hdf5Masks = "labels" }, "is not an HDF5 file, and Hdf5Masks is of such alone; leave it out.");
            Refuse(new ReadingOptions { Category = "lesion" }, "is not a file of outlines, or nnU-Net's layout, and Category is of such alone; leave it out.");
        });
    }

    private void Write(params string[] paths)
    {
        foreach (var path in paths)
        {
            ImageFile.WriteMask(Folder.Combine(path.Split('/')), new ImageSize(2, 2), [1, 0, 0, 0]);
        }
    }
}
