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
            sheet.Add(
                new AnnotatedImage($"{i}", "", new ImagePixels(Shape, pixels), new MaskSet(Shape.Size, annotations)),
                annotations,
                new float[Shape.PixelCount],
                new float[Shape.PixelCount]);
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
        sheet.Add(
            new AnnotatedImage("one", "", new ImagePixels(Shape, pixels), new MaskSet(Shape.Size, masks)),
            masks,
            new float[Shape.PixelCount],
            new float[Shape.PixelCount]);
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
    public void Classes_have_a_probability_each_and_a_legend_below_the_rows()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Combine("sheet.png");

        Classes(new MaskSheet(samples: 2), new MaskClasses(["core", "rim"])).Save(path);

        // A line of the legend is nine pixels of letters high, each two of the picture.
        Assert.That(ImageFile.ReadHeader(path).Shape, Is.EqualTo(new ImageShape(3, 96 + 36 + 18, (7 * (120 + 6)) - 6 + 24 + 36)));
    }

    [Test]
    public void Classes_are_drawn_in_their_colors()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Combine("sheet.png");

        Classes(new MaskSheet(samples: 2), new MaskClasses(["core", "rim"])).Save(path);

        var sheet = ImagePixels.Load(path);
        var pixels = sheet.Shape.PixelCount;
        var values = sheet.Values<byte>().ToArray();
        for (var position = 0; position < 2; position++)
        {
            var (red, green, blue) = ClassColors.Of(position);
            Assert.That(
                Enumerable.Range(0, pixels).Count(i => (values[i], values[pixels + i], values[(2 * pixels) + i]) == (red, green, blue)),
                Is.AtLeast(100), $"{position}");
        }
    }

    [Test]
    public void A_core_is_outlined_inside_of_its_rim()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Combine("sheet.png");

        Classes(new MaskSheet(samples: 2), new MaskClasses(["core", "rim"])).Save(path);

        var sheet = ImagePixels.Load(path);
        var values = sheet.Values<byte>().ToArray();
        for (var position = 0; position < 2; position++)
        {
            byte[] color = [ClassColors.Of(position).Red, ClassColors.Of(position).Green, ClassColors.Of(position).Blue];
            bool IsColored(int x, int y) =>
                Enumerable.Range(0, 3).All(c => Math.Abs(values[(c * sheet.Shape.PixelCount) + (y * sheet.Shape.Width) + x] - color[c]) < 8);

            // The second tile is that of the experts; the edge of the core is 4 times 5 pixels long, each 6 of the picture.
            Assert.That(
                Enumerable.Range(18, 96).Sum(y => Enumerable.Range(144, 120).Count(x => IsColored(x, y))), Is.AtLeast(100), $"{position}");
        }
    }

    [Test]
    public void Rows_of_other_classes_are_refused()
    {
        var sheet = Classes(new MaskSheet(samples: 2), new MaskClasses(["core", "rim"]));

        Assert.That(
            () => Classes(sheet, new MaskClasses(["cup", "disc"])),
            Throws.ArgumentException.With.Message.StartsWith(
                "Image 'one' has the classes cup, disc, those above core, rim; show images of other classes in another sheet."));
    }

    [Test]
    public void An_empty_sheet_is_not_saved() => Assert.That(
        () => new MaskSheet(samples: 1).Save("never.png"), Throws.InvalidOperationException.With.Message.StartsWith("The sheet has no row"));

    // A core in a rim, for the two samples as for the two experts.
    private static MaskSheet Classes(MaskSheet sheet, MaskClasses classes)
    {
        byte[] numbers = [.. Enumerable.Range(0, Shape.PixelCount).Select(
            i => Math.Max(Math.Abs((i / 20) - 8), Math.Abs((i % 20) - 8)) is var far && far < 3 ? (byte)1 : far < 6 ? (byte)2 : (byte)0)];
        var masks = MaskSet.OfClassNumbers(Shape.Size, [.. numbers, .. numbers], classes);
        sheet.Add(
            new AnnotatedImage("one", "", new ImagePixels(Shape, TinyData.Image(Shape, 1).Pixels), masks), masks.Values, new float[2 * Shape.PixelCount],
            new float[Shape.PixelCount]);
        return sheet;
    }
}
