using AmbiSSL.Torch.Imaging;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Imaging;

/// <summary>Who drew the masks of a folder.</summary>
[TestFixture]
internal sealed class ImageFolderReadersTests : FolderFixture
{
    [Test]
    public void The_column_readers_names_them_in_the_order_of_the_masks()
    {
        WriteImages();
        WriteIndex("id,readers,subject,annotators", "a,ben; anna,p,2", "b,carl,p,1", "c,,p,0");

        var folder = ImageFolder.Open(Folder.Path);

        Assert.Multiple(() =>
        {
            Assert.That(folder.Records.Select(record => record.Readers), Is.EqualTo((string[][])[["ben", "anna"], ["carl"], []]));
            Assert.That(folder.Records[0].Columns, Is.Empty);
            Assert.That(folder.Read(0).Annotations.Readers, Is.EqualTo((string[])["ben", "anna"]));
            Assert.That(folder.Read(2).Annotations.Readers, Is.Empty);
        });
    }

    [TestCase(true)]
    [TestCase(false)]
    public void By_number_the_mask_of_number_K_is_of_reader_rK(bool hasIndex)
    {
        WriteImages();
        if (hasIndex)
        {
            WriteIndex("id,subject,annotators", "a,p,2", "b,p,1", "c,p,0");
        }

        Assert.That(
            ImageFolder.Open(Folder.Path, reading: new ReadingOptions { Readers = ReaderIdentity.ByNumber }).Records.Select(record => record.Readers),
            Is.EqualTo((string[][])[["r1", "r3"], ["r12"], []]));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Otherwise_nobody_is_known(bool hasIndex)
    {
        WriteImages();
        if (hasIndex)
        {
            WriteIndex("id,subject,annotators,readers", "a,p,2,", "b,p,1,", "c,p,0,");
        }

        Assert.That(ImageFolder.Open(Folder.Path).Records.Select(record => record.Readers), Is.All.Empty);
    }

    [TestCase("ben", "the number of readers is 1 and that of masks 2")]
    [TestCase("ben;anna;carl", "the number of readers is 3 and that of masks 2")]
    [TestCase("", "the number of readers is 0 and that of masks 2")]
    [TestCase("ben;ben", "reader 'ben' is named twice")]
    [TestCase("ben; ", "the name of reader 2 is empty")]
    public void Names_that_do_not_fit_the_masks_are_refused_by_line(string names, string fault)
    {
        WriteImages();
        WriteIndex("id,subject,annotators,readers", "b,p,1,carl", $"a,p,2,{names}");

        Assert.That(
            () => ImageFolder.Open(Folder.Path),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
                $"Line 3 of '{Folder.Combine("index.csv")}', image 'a': {fault}; the column readers must name whoever drew each mask, nobody "
                + "twice, in the order of the masks' numbers with semicolons between them, such as anna;ben."));
    }

    [Test]
    public void Names_and_numbers_together_are_refused()
    {
        WriteImages();
        WriteIndex("id,subject,annotators,readers", "c,p,0,", "a,p,2,ben;anna");

        Assert.That(
            () => ImageFolder.Open(Folder.Path, reading: new ReadingOptions { Readers = ReaderIdentity.ByNumber }),
            Throws.TypeOf<InvalidDataException>().With.Message.StartsWith(
                $"Line 3 of '{Folder.Combine("index.csv")}' names readers, but readers are asked for by number"));
    }

    [Test]
    public void Readers_return_as_saved()
    {
        WriteImages();

        ImageFolder.Save(ImageFolder.Open(Folder.Path, reading: new ReadingOptions { Readers = ReaderIdentity.ByNumber }), Folder.Combine("saved"));

        Assert.That(
            ImageFolder.Open(Folder.Combine("saved")).Records.Select(record => record.Readers), Is.EqualTo((string[][])[["r1", "r3"], ["r12"], []]));
    }

    [Test]
    public void The_case_of_two_readers_of_three_has_three_by_number()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Cases", "readers_two_of_three");
        var folder = ImageFolder.Open(path, reading: new ReadingOptions { Readers = ReaderIdentity.ByNumber });

        Assert.Multiple(() =>
        {
            Assert.That(folder.Records[0].Readers, Is.EqualTo((string[])["r1", "r3"]));
            Assert.That(folder.Records[1].Readers, Is.EqualTo((string[])["r1", "r2"]));
            Assert.That(ImageFolder.Open(path).Records.Select(record => record.Readers), Is.All.Empty);
        });
    }

    private void WriteImages()
    {
        ImageFile.Write(Folder.Combine("images", "a.png"), new ImagePixels(new ImageShape(1, 2, 2), new byte[4]));
        File.Copy(Folder.Combine("images", "a.png"), Folder.Combine("images", "b.png"));
        File.Copy(Folder.Combine("images", "a.png"), Folder.Combine("images", "c.png"));
        foreach (var name in (string[])["a_r1", "a_r3", "b_r12"])
        {
            ImageFile.WriteMask(Folder.Combine("masks", name + ".png"), new ImageSize(2, 2), new byte[4]);
        }
    }

    private void WriteIndex(params string[] lines) => File.WriteAllLines(Folder.Combine("index.csv"), lines);
}
