using AmbiSSL.Torch.Imaging;
using AmbiSSL.Torch.Tests.Imaging;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Pictures;

public sealed class MaskSheetTests
{
    private static readonly ImageShape Shape = new(1, 16, 20);

    [Test]
    public void A_sheet_has_a_row_for_each_image_and_a_column_for_each_sample_and_four_more()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Combine("sheet.png");
        var sheet = new MaskSheet(samples: 2);
        for (var i = 0; i < 3; i++)
        {
            var (pixels, annotations) = TinyData.Image(Shape, i);
            sheet.Add(new AnnotatedImage($"{i}", "", new ImagePixels(Shape, pixels), new MaskSet(Shape.Size, annotations)), annotations, new float[Shape.PixelCount], new float[Shape.PixelCount]);
        }

        sheet.Save(path);

        // Tiles are six times as large as the images, the gaps are 6 pixels, those between groups and around 18.
        Assert.That(ImageFile.ReadHeader(path).Shape, Is.EqualTo(new ImageShape(3, (3 * (96 + 6)) - 6 + 36, (6 * (120 + 6)) - 6 + 24 + 36)));
    }

    [Test]
    public void A_sheet_in_a_page_is_the_file_and_keeps_what_was_added()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Combine("sheet.png");
        var (pixels, masks) = TinyData.Image(Shape, 1);
        var sheet = new MaskSheet(samples: 1);
        sheet.Add(new AnnotatedImage("one", "", new ImagePixels(Shape, pixels), new MaskSet(Shape.Size, masks)), masks, new float[Shape.PixelCount], new float[Shape.PixelCount]);
        sheet.Save(path);
        Array.Clear(pixels);
        Array.Clear(masks);

        Assert.That(sheet.ToHtml(), Does.Contain($"src=\"data:image/png;base64,{Convert.ToBase64String(File.ReadAllBytes(path))}\""));
    }

    [Test]
    public void Fewer_masks_than_the_sheet_shows_are_refused()
    {
        var (pixels, annotations) = TinyData.Image(Shape, 1);
        var image = new AnnotatedImage("one", "", new ImagePixels(Shape, pixels), new MaskSet(Shape.Size, annotations));

        Assert.That(
            () => new MaskSheet(samples: 3).Add(image, annotations, new float[Shape.PixelCount], new float[Shape.PixelCount]),
            Throws.ArgumentException.With.Message.StartsWith("masks has 640 values; 960 are needed."));
    }

    [Test]
    public void An_empty_sheet_is_not_saved() => Assert.That(
        () => new MaskSheet(samples: 1).Save("never.png"), Throws.InvalidOperationException.With.Message.StartsWith("The sheet has no row"));
}
