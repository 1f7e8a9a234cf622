using AmbiSSL.Torch.Imaging;
using NUnit.Framework;
using SkiaSharp;

namespace AmbiSSL.Torch.Tests.Imaging;

[TestFixture]
internal sealed class IsicFolderTests : FolderFixture
{
    [Test]
    public void Images_come_in_order_with_their_masks()
    {
        WriteImage("ISIC_2.jpg", 8, 6);
        WriteImage("ISIC_1.JPEG", 8, 6);
        WriteMask("ISIC_2_segmentation_10.png", 8, 6);
        WriteMask("ISIC_2_segmentation_2.png", 8, 6);
        File.WriteAllText(Folder.Combine("ATTRIBUTION.txt"), "CC-0");

        var records = IsicFolder.Open(Folder.Path).Records;

        Assert.Multiple(() =>
        {
            Assert.That(records.Select(record => record.Id), Is.EqualTo(new[] { "ISIC_1", "ISIC_2" }));
            Assert.That(records.Select(record => record.Subject), Is.EqualTo(new[] { "ISIC_1", "ISIC_2" }));
            Assert.That(records[0].IsLabeled, Is.False);
            Assert.That(records[1].Annotators, Is.EqualTo(new[] { 2, 10 }));
        });
    }

    [Test]
    public void Photos_of_several_sizes_are_resized()
    {
        WriteImage("ISIC_1.jpg", 40, 60);
        WriteMask("ISIC_1_segmentation_0.png", 40, 60);
        WriteImage("ISIC_2.jpg", 80, 50);
        var folder = IsicFolder.Open(Folder.Path, new Preprocessing { Resize = new ImageSize(16, 24) });

        var image = folder.Read(0);

        Assert.Multiple(() =>
        {
            Assert.That(image.Shape, Is.EqualTo(new ImageShape(3, 16, 24)));
            Assert.That(image.Annotations.Count, Is.EqualTo(1));
            Assert.That(image.Annotations.Values, Is.All.EqualTo(1));
            Assert.That(folder.Read(1).Shape, Is.EqualTo(image.Shape));
        });
    }

    [Test]
    public void Mask_of_no_image_is_named()
    {
        WriteImage("ISIC_1.jpg", 8, 8);
        WriteMask("ISIC_3_segmentation_0.png", 8, 8);

        Assert.That(
            () => IsicFolder.Open(Folder.Path),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("ISIC_3_segmentation_0.png' belongs to no image"));
    }

    [Test]
    public void Two_images_of_one_name_are_named()
    {
        WriteImage("ISIC_1.jpg", 8, 8);
        WriteImage("ISIC_1.jpeg", 8, 8);

        Assert.That(
            () => IsicFolder.Open(Folder.Path),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("have the same name 'ISIC_1'"));
    }

    private void WriteImage(string name, int height, int width)
    {
        using var bitmap = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        bitmap.Erase(new SKColor(200, 120, 100));
        using var stream = File.Create(Folder.Combine(name));
        bitmap.Encode(stream, SKEncodedImageFormat.Jpeg, quality: 95);
    }

    private void WriteMask(string name, int height, int width)
    {
        var mask = new byte[height * width];
        Array.Fill(mask, (byte)1);
        ImageFile.WriteMask(Folder.Combine(name), new ImageSize(height, width), mask);
    }
}
