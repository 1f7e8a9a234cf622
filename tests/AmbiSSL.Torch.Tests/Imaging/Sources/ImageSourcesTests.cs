using AmbiSSL.Torch.Imaging;
using NUnit.Framework;
using PureHDF;
using SkiaSharp;

namespace AmbiSSL.Torch.Tests.Imaging;

[TestFixture]
internal sealed class ImageSourcesTests : FolderFixture
{
    [Test]
    public void Folder_format_is_recognized_with_and_without_index()
    {
        ImageFolder.Save(new SyntheticLesions(new SyntheticLesionOptions { Images = 1, Height = 16, Width = 16 }), Folder.Combine("set"));

        Assert.That(ImageSources.Open(Folder.Combine("set")), Is.TypeOf<ImageFolder>());
        File.Delete(Folder.Combine("set", "index.csv"));
        Assert.That(ImageSources.Open(Folder.Combine("set")), Is.TypeOf<ImageFolder>());
    }

    [Test]
    public void Lidc_slices_are_recognized()
    {
        ImageFile.WriteMask(Folder.Combine("P", "nodule-0", "images", "slice-0.png"), new ImageSize(2, 2), new byte[4]);

        Assert.That(ImageSources.Open(Folder.Path), Is.TypeOf<LidcSliceFolder>());
    }

    [Test]
    public void Isic_images_are_recognized()
    {
        using (var bitmap = new SKBitmap(4, 4))
        using (var stream = File.Create(Folder.Combine("ISIC_1.jpg")))
        {
            bitmap.Encode(stream, SKEncodedImageFormat.Jpeg, quality: 90);
        }

        Assert.That(
            ImageSources.Open(Folder.Path, new Preprocessing { Resize = new ImageSize(2, 2) }).Shape,
            Is.EqualTo(new ImageShape(3, 2, 2)));
    }

    [Test]
    public void Hdf5_file_is_recognized()
    {
        var path = Folder.Combine("data.h5");
        new H5File { ["images"] = new byte[1, 2, 2] }.Write(path);

        Assert.That(ImageSources.Open(path), Is.TypeOf<HdfImages>());
    }

    [Test]
    public void Numbers_that_are_no_readers_are_refused()
    {
        ImageFile.WriteMask(Folder.Combine("P", "nodule-0", "images", "slice-0.png"), new ImageSize(2, 2), new byte[4]);
        var file = Folder.Combine("data.h5");
        new H5File { ["images"] = new byte[1, 2, 2] }.Write(file);

        Assert.Multiple(() =>
        {
            Assert.That(
                () => ImageSources.Open(Folder.Path, reading: new ReadingOptions { Readers = ReaderIdentity.ByNumber }),
                Throws.TypeOf<InvalidDataException>().With.Message.StartsWith($"Folder '{Folder.Path}' has the layout of LIDC"));
            Assert.That(
                () => ImageSources.Open(file, reading: new ReadingOptions { Readers = ReaderIdentity.ByNumber }),
                Throws.TypeOf<InvalidDataException>().With.Message.Contains("name them in a dataset 'readers'"));
        });
    }

    [Test]
    public void UnknownFolder_and_missing_path_are_refused()
    {
        Assert.Multiple(() =>
        {
            Assert.That(
                () => ImageSources.Open(Folder.Path),
                Throws.TypeOf<InvalidDataException>().With.Message.Contains("has none of the known layouts"));
            Assert.That(
                () => ImageSources.Open("none"),
                Throws.TypeOf<FileNotFoundException>().With.Message.EqualTo("Data set 'none' does not exist."));
        });
    }

    [Test]
    public void What_is_there_in_place_of_a_layout_is_told()
    {
        Assert.That(() => ImageSources.Open(Folder.Path), ThrowsInvalid($". '{Folder.Path}' is empty."));
        var scan = Folder.Combine("images", "scan.tif");
        Directory.CreateDirectory(Folder.Combine("images"));
        File.WriteAllText(scan, "");
        Assert.That(
            () => ImageSources.Open(Folder.Path),
            ThrowsInvalid($". '{Folder.Combine("images")}' holds scan.tif; images are PNG, JPEG or NIfTI files."));
        foreach (var name in (string[])["a.png", "a_mask.png", "b.png", "c.png"])
        {
            File.WriteAllText(Folder.Combine("images", name), "");
        }

        Assert.That(
            () => ImageSources.Open(Folder.Combine("images")),
            ThrowsInvalid(
                $". '{Folder.Combine("images")}' holds a.png, a_mask.png, b.png and 2 more; images are PNG, JPEG or NIfTI files in a folder 'images' of it."));
    }

    [Test]
    public void One_image_is_no_data_set_and_told_where_it_belongs()
    {
        var path = Folder.Combine("scan.PNG");
        ImageFile.WriteMask(path, new ImageSize(2, 2), new byte[4]);

        Assert.That(
            () => ImageSources.Open(path),
            ThrowsInvalid($"'{path}' is a single image; put it into a folder 'images', and give the folder that holds that one."));
    }

    private static NUnit.Framework.Constraints.IResolveConstraint ThrowsInvalid(string end) => Throws.TypeOf<InvalidDataException>().With.Message.EndsWith(end);
}
