using AmbiSSL.Torch.Training;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Training;

internal sealed class CropChooserTests
{
    private static readonly ImageSize Crop = new(8, 8);

    [Test]
    public void Crops_about_foreground_show_it_wherever_it_is()
    {
        using var images = Images((12, 30), (0, 0));
        var crops = new CropChooser(images, new WindowOptions { Size = Crop, ForegroundShare = 1 });

        Assert.Multiple(() =>
        {
            Assert.That(crops.Choose(0, [0.5, 0.5, 0.5]), Is.EqualTo(new ImageCrop(8, 26, Crop)));
            Assert.That(crops.Choose(1, [0.5, 0.5, 0.5]), Is.EqualTo(new ImageCrop(0, 0, Crop)), "as far as the border allows");
        });
    }

    [Test]
    public void Each_class_of_an_image_is_shown_as_often_as_the_others()
    {
        // One pixel of the first class, none of the second, and half of the image of the third.
        var shape = new ImageShape(1, 40, 40);
        var numbers = Enumerable.Range(0, 1600).Select(pixel => (byte)(pixel == 0 ? 1 : pixel >= 800 ? 3 : 0)).ToArray();
        using var images = new ImageCache(shape);
        images.Add(new ImagePixels(shape, new float[1600]), MaskSet.OfClassNumbers(shape.Size, numbers, new MaskClasses(["a", "b", "c"])));
        var crops = new CropChooser(images, new WindowOptions { Size = Crop, ForegroundShare = 1 });

        var tops = Enumerable.Range(0, 100).Select(number => crops.Choose(0, [0.5, number / 100.0, 0.5]).Top).ToArray();

        Assert.Multiple(() =>
        {
            Assert.That(tops[..50], Has.All.EqualTo(0));
            Assert.That(tops[50..], Has.All.GreaterThanOrEqualTo(16).And.Some.EqualTo(16).And.Some.EqualTo(32));
        });
    }

    [Test]
    public void As_many_crops_are_about_foreground_as_is_asked()
    {
        using var images = Images((12, 30));
        var crops = new CropChooser(images, new WindowOptions { Size = Crop, ForegroundShare = 0.25 });
        var random = new Random(1);

        var about = Enumerable.Range(0, 4000).Count(
            _ => crops.Choose(0, [random.NextDouble(), random.NextDouble(), random.NextDouble()]) is { Top: 8, Left: 26 });

        // A quarter, and one in 33 x 33 of the others.
        Assert.That(about / 4000.0, Is.EqualTo(0.2507).Within(0.025));
    }

    [Test]
    public void Other_crops_are_anywhere_in_the_image()
    {
        using var images = Images((12, 30));
        var crops = new CropChooser(images, new WindowOptions { Size = Crop, ForegroundShare = 0 });

        Assert.Multiple(() =>
        {
            Assert.That(crops.Choose(0, [0, 0, 0]), Is.EqualTo(new ImageCrop(0, 0, Crop)));
            Assert.That(crops.Choose(0, [0, 0.9999, 0.9999]), Is.EqualTo(new ImageCrop(32, 32, Crop)));
        });
    }

    [Test]
    public void An_image_that_is_smaller_lies_in_the_middle()
    {
        using var images = Images((12, 30));
        var crops = new CropChooser(images, new WindowOptions { Size = new ImageSize(50, 16) });

        Assert.That(crops.Choose(0, [0.9, 0.5, 0]), Is.EqualTo(new ImageCrop(-5, 0, new ImageSize(50, 16))));
    }

    [Test]
    public void An_epoch_takes_as_many_crops_as_would_cover_the_image()
    {
        using var images = Images((12, 30));

        Assert.That(new CropChooser(images, new WindowOptions { Size = new ImageSize(16, 16) }).Count(0), Is.EqualTo(7), "1600 / 256");
    }

    /// <summary>Images of 40x40, one pixel of each outlined.</summary>
    private static ImageCache Images(params (int Row, int Column)[] outlined)
    {
        var cache = new ImageCache(new ImageShape(1, 40, 40));
        foreach (var (row, column) in outlined)
        {
            var mask = new byte[1600];
            mask[(row * 40) + column] = 1;
            cache.Add(new float[1600], mask);
        }

        return cache;
    }
}
