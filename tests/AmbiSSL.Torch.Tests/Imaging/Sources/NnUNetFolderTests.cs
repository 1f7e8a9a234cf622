using AmbiSSL.Torch.Imaging;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Imaging;

[TestFixture]
internal sealed class NnUNetFolderTests : FolderFixture
{
    private static readonly ImageSize Size = new(2, 3);

    [Test]
    public void Channels_are_stacked_and_the_only_label_is_foreground()
    {
        Write("imagesTr/p1_0000.png", 10);
        Write("imagesTr/p1_0001.png", 20);
        Write("labelsTr/p1.png", [0, 1, 0, 0, 1, 0]);
        Describe("""{"channel_names": {"0": "T1", "1": "T2"}, "labels": {"background": 0, "lesion": 1}, "file_ending": ".png"}""");

        var source = ImageSources.Open(Folder.Path);
        var image = source.Read(0);

        Assert.Multiple(() =>
        {
            Assert.That(source, Is.TypeOf<NnUNetFolder>());
            Assert.That(image.Shape, Is.EqualTo(new ImageShape(2, 2, 3)));
            Assert.That(image.Pixels.Values<byte>().ToArray(), Is.EqualTo((byte[])[10, 11, 12, 13, 14, 15, 20, 21, 22, 23, 24, 25]));
            Assert.That(image.Annotations.Values, Is.EqualTo((byte[])[0, 1, 0, 0, 1, 0]));
            Assert.That((source.Records[0].Id, source.Records[0].Subject, source.Records[0].Readers.Count), Is.EqualTo(("p1", "p1", 0)));
            Assert.That(source.LeftOut, Is.Empty);
        });
    }

    [Test]
    public void An_image_without_label_file_is_unlabeled()
    {
        WriteOne("""{"labels": {"background": 0, "lesion": 1}}""");
        Write("imagesTr/q_0000.png", 3);

        Assert.That(NnUNetFolder.Open(Folder.Path).Records.Select(record => record.IsLabeled), Is.EqualTo((bool[])[true, false]));
    }

    [TestCase(
        """{"labels": {"background": 0, "organ": 1, "lesion": 2}}""", null, "has the labels organ, lesion; name the foreground with Category (--category)")]
    [TestCase("""{"labels": {"background": 0}}""", null, "has no label; name")]
    [TestCase("""{"labels": {"background": 0, "lesion": [1, 2], "ignore": 2}}""", null, "gives the label 'lesion' a value of the label 'ignore', 2")]
    [TestCase("""{"labels": {"background": 0, "lesion": 1}}""", "tumor", "has no label 'tumor', but lesion.")]
    [TestCase("""{"labels": {"background": 0, "lesion": -1}}""", null, "gives the label 'lesion' the value -1; give a number from 0 to 65535")]
    [TestCase("""{"labels": ["lesion"]}""", null, "does not describe a data set of nnU-Net")]
    [TestCase("""{"labels": """, null, "ends early, in line 1: what was opened there is not closed")]
    [TestCase("""{"labels": {"lesion": 1}, "channel_names": {"0": "T1", "1": "T2"}}""", null, "names 2 channels, and image 'p' has files of 1")]
    public void A_description_that_leaves_a_doubt_is_refused(string description, string? category, string message)
    {
        WriteOne(description);

        Assert.That(
            () => NnUNetFolder.Open(Folder.Path, reading: new ReadingOptions { Category = category }),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains(Folder.Combine("dataset.json")).And.Message.Contains(message));
    }

    [TestCase("""{"labels": {"background": 0, "organ": 1, "lesion": 2}}""", "lesion", new byte[] { 0, 0, 1, 0, 0, 0 })]
    [TestCase("""{"labels": {"background": 0, "organ": [1, 2], "lesion": 2}}""", "organ", new byte[] { 0, 1, 1, 0, 0, 0 })]
    [TestCase("""{"modality": {"0": "CT"}, "labels": {"0": "background", "1": "organ", "2": "lesion"}}""", "organ", new byte[] { 0, 1, 0, 0, 0, 0 })]
    public void A_label_is_chosen_by_name(string description, string category, byte[] mask)
    {
        WriteOne(description);

        Assert.That(ImageSources.Open(Folder.Path, reading: new ReadingOptions { Category = category }).Read(0).Annotations.Values, Is.EqualTo(mask));
    }

    [Test]
    public void A_value_of_no_label_is_refused()
    {
        WriteOne("""{"labels": {"background": 0, "lesion": 1}}""");

        Assert.That(() => NnUNetFolder.Open(Folder.Path).Read(0), Throws.TypeOf<InvalidDataException>().With.Message.Contains(
            "of which 2 is the value of no label of its description; add it there, or name the foreground with ForegroundValues (--foreground)."));
    }

    [Test]
    public void The_label_ignore_is_ignored()
    {
        WriteOne("""{"labels": {"background": 0, "lesion": 1, "ignore": 2}}""");

        var masks = NnUNetFolder.Open(Folder.Path).Read(0).Annotations;

        Assert.That((masks.Values, masks.Ignored), Is.EqualTo(((byte[])[0, 1, 0, 0, 0, 0], (byte[])[0, 0, 1, 0, 0, 0])));
    }

    [Test]
    public void Values_that_are_named_win()
    {
        WriteOne("""{"labels": {"background": 0, "lesion": 1, "ignore": 2}}""");

        var image = NnUNetFolder.Open(Folder.Path, reading: new ReadingOptions { ForegroundValues = ForegroundValues.Of(1) }).Read(0);

        Assert.That(image.Annotations.Values, Is.EqualTo((byte[])[0, 1, 0, 0, 0, 0]));
    }

    [Test]
    public void Without_description_labels_are_refused_by_their_values_and_by_name()
    {
        WriteOne(null);

        Assert.Multiple(() =>
        {
            Assert.That(() => NnUNetFolder.Open(Folder.Path).Read(0), Throws.TypeOf<InvalidDataException>().With.Message.Contains("(--foreground)"));
            Assert.That(
                () => NnUNetFolder.Open(Folder.Path, reading: new ReadingOptions { Category = "lesion" }),
                Throws.TypeOf<InvalidDataException>().With.Message.Contains("has no dataset.json that says the value of 'lesion'"));
        });
    }

    [Test]
    public void A_missing_channel_and_a_label_without_image_are_named()
    {
        Write("imagesTr/p_0001.png", 1);
        Assert.That(() => NnUNetFolder.Open(Folder.Path), Throws.TypeOf<InvalidDataException>().With.Message.Contains(
            $"Image 'p' has the channel '{Folder.Combine("imagesTr", "p_0001.png")}', but none of number 0"));

        Write("imagesTr/p_0000.png", 1);
        Write("labelsTr/q.png", new byte[6]);
        Assert.That(() => NnUNetFolder.Open(Folder.Path), Throws.TypeOf<InvalidDataException>().With.Message.Contains(
            $"q.png' belongs to no image: '{Folder.Combine("imagesTr", "q_0000.png")}' does not exist."));
    }

    [Test]
    public void Images_with_other_numbers_of_channels_are_refused()
    {
        Write("imagesTr/p_0000.png", 1);
        Write("imagesTr/p_0001.png", 1);
        Write("imagesTr/q_0000.png", 1);

        Assert.That(() => NnUNetFolder.Open(Folder.Path).Read(1), Throws.TypeOf<InvalidDataException>().With.Message.Contains(
            "is 1x2x3 (channels x height x width), but the first image").And.Message.Contains("is 2x2x3"));
    }

    [Test]
    public void Channels_of_other_sizes_are_refused()
    {
        Write("imagesTr/p_0000.png", 1);
        ImageFile.WriteMask(Folder.Combine("imagesTr", "p_0001.png"), new ImageSize(2, 2), new byte[4]);

        Assert.That(() => NnUNetFolder.Open(Folder.Path), Throws.TypeOf<InvalidDataException>().With.Message.Contains(
            "p_0001.png' is 2x2 pixels (height x width)").And.Message.Contains("the channels of an image need one size and type"));
    }

    [Test]
    public void Other_names_and_parts_are_left_out()
    {
        WriteOne("""{"labels": {"background": 0, "lesion": 1}}""");
        Write("imagesTr/r.png", 1);
        Write("imagesTs/t_0000.png", 1);

        Assert.That(NnUNetFolder.Open(Folder.Path).LeftOut.Select(file => file.ToString()), Is.EqualTo((string[])
        [
            $"'{Folder.Combine("imagesTs")}' is another part, which is not read; it can be opened by its own name",
            $"'{Folder.Combine("imagesTr", "r.png")}' is not named ID_0000.png",
        ]));
    }

    [Test]
    public void Test_images_are_opened_by_the_name_of_their_folder()
    {
        WriteOne("""{"labels": {"background": 0, "organ": 1, "lesion": 2}}""");
        Write("imagesTs/t_0000.png", 1);

        var source = ImageSources.Open(Folder.Combine("imagesTs"));

        Assert.That(source.Records.Single().Id, Is.EqualTo("t"));
        Assert.That(source.Records.Single().IsLabeled, Is.False);
        Assert.That(source.LeftOut, Is.Empty);
    }

    [Test]
    public void Numbers_are_nobodys()
    {
        WriteOne(null);

        Assert.That(
            () => ImageSources.Open(Folder.Path, reading: new ReadingOptions { Readers = ReaderIdentity.ByNumber }),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("one label file an image without a number"));
    }

    [Test]
    public void Images_beside_it_make_a_second_layout()
    {
        WriteOne(null);
        Write("images/p.png", 1);

        Assert.That(() => ImageSources.Open(Folder.Path), Throws.TypeOf<InvalidDataException>().With.Message.Contains("(ImageFolder); imagesTr/ID_0000.png")
            .And.Message.Contains("(NnUNetFolder)"));
    }

    private void WriteOne(string? description)
    {
        Write("imagesTr/p_0000.png", 1);
        Write("labelsTr/p.png", [0, 1, 2, 0, 0, 0]);
        if (description is not null)
        {
            Describe(description);
        }
    }

    private void Describe(string text) => File.WriteAllText(Folder.Combine("dataset.json"), text);

    private void Write(string path, byte first) => Write(path, [.. Enumerable.Range(first, 6).Select(value => (byte)value)]);

    private void Write(string path, byte[] values) =>
        ImageFile.Write(Folder.Combine(path.Split('/')), new ImagePixels(new ImageShape(1, Size.Height, Size.Width), values));
}
