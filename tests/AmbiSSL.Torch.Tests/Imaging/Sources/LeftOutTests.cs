using System.Text;
using AmbiSSL.Torch.Imaging;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Imaging;

/// <summary>Which file is what, and what is said of those that are not read.</summary>
[TestFixture]
internal sealed class LeftOutTests : FolderFixture
{
    [TestCase("i_classic", 2, 1)]
    [TestCase("i_upper", 2, 3)]
    [TestCase("i_jpegmask_gray", 2, 3)]
    [TestCase("i_jpegmask_one", 2, 3)]
    public void Isic_names_in_capitals_without_number_and_as_jpeg_are_read(string folder, int images, int masks)
    {
        var source = IsicFolder.Open(Case("isic_names", folder));

        Assert.Multiple(() =>
        {
            Assert.That(source.Records.Select(record => record.MaskPaths.Count), Is.EqualTo(Enumerable.Repeat(masks, images)));
            Assert.That(source.LeftOut, Is.Empty);
        });
    }

    [Test]
    public void Only_mask_of_an_isic_image_is_the_disc() =>
        Assert.That(IsicFolder.Open(Case("isic_names", "i_classic")).Read(0).Annotations.Values.Sum(value => value), Is.EqualTo(253));

    [Test]
    public void Index_in_capitals_is_read()
    {
        var source = ImageFolder.Open(Case("index_capital", "x_Index"));

        Assert.That(source.Records.Select(record => record.Subject), Is.EqualTo((string[])["p0", "p0", "p0", "p1"]));
    }

    [Test]
    public void Index_in_another_encoding_is_refused_with_the_line()
    {
        var path = Case("index_latin1", "x_latin1");

        Assert.That(
            () => ImageFolder.Open(path),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
                $"Line 2 of '{Path.Combine(path, "index.csv")}' is no UTF-8: a letter in it is written in another encoding. Save the file as UTF-8, or with a "
                + "byte-order mark."));
    }

    [TestCase("utf-8")]
    [TestCase("utf-16")]
    [TestCase("utf-16BE")]
    [TestCase("utf-32")]
    public void Index_is_read_by_its_byte_order_mark(string encoding)
    {
        Image("images/a.png");
        File.WriteAllText(Folder.Combine("index.csv"), "id,subject,annotators\na,Müller,0\n", Encoding.GetEncoding(encoding));

        Assert.That(ImageFolder.Open(Folder.Path).Records[0].Subject, Is.EqualTo("Müller"));
    }

    [Test]
    public void Index_of_16_bits_without_a_mark_is_refused()
    {
        Image("images/a.png");
        File.WriteAllBytes(Folder.Combine("index.csv"), Encoding.Unicode.GetBytes("id,subject,annotators\na,p,0\n"));

        Assert.That(
            () => ImageFolder.Open(Folder.Path),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("Line 1 of").And.Message.Contains("is no UTF-8"));
    }

    [TestCase("masks/a-r1.png", "masks/a_r1.png")]
    [TestCase("masks/a_R2.png", "masks/a_r2.png")]
    [TestCase("masks/a_r1 (2).png", "masks/a_r2.png")]
    [TestCase("masks/a_mask_0.png", "masks/a_r0.png")]
    [TestCase("masks/a_3.png", "masks/a_r3.png")]
    [TestCase("masks/a.png", "masks/a_r1.png")]
    [TestCase("masks/A_r.png", "masks/a_r1.png")]
    [TestCase("masks/case_17-r2.png", "masks/case_17_r2.png")]
    [TestCase("masks/cse_17-r2.png", "masks/case_17_r2.png")]
    [TestCase("images/a_r1.png", "masks/a_r1.png")]
    [TestCase("images/a_mask.png", "masks/a_r1.png")]
    [TestCase("images/a_segmentation_2.JPG", "masks/a_r2.png")]
    public void Mistyped_mask_is_left_out_with_the_nearest_name(string name, string nearest)
    {
        Image("images/a.png");
        Image("images/case_17.png");
        Image(name);

        var source = ImageFolder.Open(Folder.Path);

        Assert.Multiple(() =>
        {
            Assert.That(source.Records.Select(record => record.Id), Is.EqualTo((string[])["a", "case_17"]));
            Assert.That(source.LeftOut.Select(file => (file.Path, file.Nearest)), Is.EqualTo(((string, string?)[])[(Full(name), Full(nearest))]));
        });
    }

    [TestCase("masks/a_r1.PNG")]
    [TestCase("masks/a_r1.jpg")]
    [TestCase("masks/a_r1.Jpeg")]
    [TestCase("Masks/a_r1.png")]
    [TestCase("MASKS/a_r1.Png")]
    public void Mask_is_read_in_capitals_and_as_jpeg(string name)
    {
        Image("Images/a.PNG");
        Image(name);

        var source = ImageFolder.Open(Folder.Path);

        Assert.That((source.Records[0].MaskPaths.Single(), source.LeftOut.Count), Is.EqualTo((Full(name), 0)));
    }

    [TestCase("images/._a.png")]
    [TestCase("images/.DS_Store")]
    [TestCase("masks/._a_r1.png")]
    [TestCase("images/Thumbs.db")]
    [TestCase("masks/.git/x.png")]
    public void Hidden_files_are_not_looked_at(string name)
    {
        Image("images/a.png");
        Image("masks/a_r2.png");
        Image(name);

        var source = ImageFolder.Open(Folder.Path);

        Assert.That((source.Count, source.Records[0].MaskPaths.Count, source.LeftOut.Count), Is.EqualTo((1, 1, 0)));
    }

    [TestCase("mask_0/a.png", "mask_0", "masks")]
    [TestCase("labels/a_r1.png", "labels", "masks")]
    [TestCase("masks/reader2/a.png", "masks/reader2", "masks/ID_r2.png")]
    [TestCase("images/extra/b.png", "images/extra", null)]
    [TestCase("images/b.tif", "images/b.tif", null)]
    [TestCase("overview.jpg", "overview.jpg", null)]
    [TestCase("index.txt", "index.txt", "index.csv")]
    [TestCase("idx.CSV", "idx.CSV", "index.csv")]
    public void What_else_lies_there_is_left_out(string name, string path, string? nearest)
    {
        Image("images/a.png");
        Image(name);

        var leftOut = ImageFolder.Open(Folder.Path).LeftOut.Single();

        Assert.That((leftOut.Path, leftOut.Nearest), Is.EqualTo((Full(path), nearest is null ? null : Full(nearest))));
    }

    [Test]
    public void What_the_index_does_not_name_is_left_out()
    {
        Image("images/a.png");
        Image("images/b.png");
        Image("masks/b_r1.png");
        Image("masks/aa_r1.png");
        File.WriteAllText(Folder.Combine("index.csv"), "id,subject,annotators\na,p,0\n");

        Assert.That(ImageFolder.Open(Folder.Path).LeftOut.Select(file => file.ToString()), Is.EqualTo((string[])[
            $"'{Full("images/b.png")}' is not in the index",
            $"'{Full("masks/aa_r1.png")}' belongs to no image of the index; '{Full("masks/a_r1.png")}' would be read",
            $"'{Full("masks/b_r1.png")}' belongs to no image of the index"]));
    }

    [Test]
    public void Image_of_the_index_that_is_named_as_a_mask_is_an_image()
    {
        Image("images/a.png");
        Image("images/a_r1.png");
        File.WriteAllText(Folder.Combine("index.csv"), "id,subject,annotators\na,p,0\na_r1,q,0\n");

        Assert.That(ImageFolder.Open(Folder.Path).Count, Is.EqualTo(2));
    }

    [TestCase("index.csv", "Index.csv")]
    [TestCase("masks/a_r1.png", "Masks/a_r1.png")]
    public void Names_that_differ_in_capitals_alone_are_refused(string first, string second)
    {
        Image("images/a.png");
        Image(first);
        Image(second);

        Assert.That(() => ImageFolder.Open(Folder.Path), Throws.TypeOf<InvalidDataException>().With.Message.Contains("differ in capitals alone"));
    }

    [TestCase("images/a.png", "images/a.jpg", "have the same name 'a'")]
    [TestCase("masks/a_r1.png", "masks/a_r1.jpg", "have the same number 1")]
    [TestCase("masks/a_r1.png", "masks/a_r01.png", "have the same number 1")]
    public void Two_files_for_one_are_refused(string first, string second, string named)
    {
        Image("images/a.png");
        Image(first);
        Image(second);

        Assert.That(() => ImageFolder.Open(Folder.Path), Throws.TypeOf<InvalidDataException>().With.Message.Contains(named));
    }

    [TestCase("b_segmentation_x.png", "a_segmentation_0.png")]
    [TestCase("a_superpixels.png", "a_segmentation_0.png")]
    [TestCase("a-segmentation-1.png", "a_segmentation_1.png")]
    [TestCase("a_mask_2.jpg", "a_segmentation_2.png")]
    [TestCase("a_Segmentation_2.jpg", "a_segmentation_2.png")]
    [TestCase("a_r3.JPEG", "a_segmentation_3.png")]
    [TestCase("a.tif", null)]
    public void What_is_no_isic_file_is_left_out_with_the_nearest_name(string name, string? nearest)
    {
        Image("a.jpg");
        Image(name);

        var source = IsicFolder.Open(Folder.Path);

        Assert.That(source.Records.Select(record => record.Id), Is.EqualTo((string[])["a"]));
        Assert.That(
            source.LeftOut.Select(file => (file.Path, file.Nearest)),
            Is.EqualTo(((string, string?)[])[(Full(name), nearest is null ? null : Full(nearest))]));
    }

    [TestCase("p1/nodule-0/mask_1/slice-3.png", "p1/nodule-0/mask_1", "p1/nodule-0/mask-1")]
    [TestCase("p1/nodule-0/mask-1/slice_3.png", "p1/nodule-0/mask-1/slice_3.png", "p1/nodule-0/mask-1/slice-3.png")]
    [TestCase("p1/nodule-0/images/slice-4.tif", "p1/nodule-0/images/slice-4.tif", "p1/nodule-0/images/slice-4.png")]
    [TestCase("p1/nodule_2/images/slice-4.png", "p1/nodule_2", "p1/nodule-2")]
    public void What_is_no_lidc_name_is_left_out_with_the_nearest(string name, string path, string nearest)
    {
        Image("p1/Nodule-0/Images/Slice-3.PNG");
        Image("p1/Nodule-0/Mask-0/slice-3.png");
        Image(name.Replace("nodule-0", "Nodule-0").Replace("/images/", "/Images/"));

        var source = LidcSliceFolder.Open(Folder.Path);

        Assert.That((source.Count, source.Records[0].MaskPaths.Count), Is.EqualTo((1, 1)));
        Assert.That(source.LeftOut.Select(file => (file.Path, file.Nearest)), Is.EqualTo(((string, string?)[])[
            (Full(path.Replace("nodule-0", "Nodule-0").Replace("/images/", "/Images/")), Full(
                nearest.Replace("nodule-0", "Nodule-0").Replace("/images/", "/Images/")))]));
    }

    [Test]
    public void Data_set_of_two_layouts_is_refused_with_both()
    {
        Image("images/a.png");
        Image("p1/nodule-0/images/slice-3.png");
        Image("b_segmentation.png");

        Assert.That(
            () => ImageSources.Open(Folder.Path),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("fits several layouts").And.Message.Contains("(ImageFolder)")
                .And.Message.Contains("(LidcSliceFolder)").And.Message.Contains("(IsicFolder)"));
    }

    [Test]
    public void Photograph_beside_the_folders_makes_no_second_layout()
    {
        Image("images/a.png");
        Image("overview.jpg");

        Assert.That(ImageSources.Open(Folder.Path), Is.TypeOf<ImageFolder>());
    }

    private static string Case(string name, string folder) => Path.Combine(TestContext.CurrentContext.TestDirectory, "Cases", name, folder);

    private string Full(string name) => Path.Combine([Folder.Path, .. name.Split('/')]);

    // What a file is called says what it is; what is in it is a mask or an image just as well.
    private void Image(string name)
    {
        var path = Folder.Combine(name.Split('/'));
        if (Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase))
        {
            File.WriteAllText(path, "id,subject,annotators\na,p,0\n");
        }
        else
        {
            ImageFile.Write(path, new ImagePixels(new ImageShape(1, 8, 8), (Array)new byte[64]));
        }
    }
}
