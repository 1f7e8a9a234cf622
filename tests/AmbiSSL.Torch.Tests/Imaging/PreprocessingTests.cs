using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Imaging;

[TestFixture]
internal sealed class PreprocessingTests
{
    private static readonly ImageShape Shape = new(3, 8, 6);
    private static readonly Preprocessing Crop = new() { Crop = new ImageSize(4, 6) };
    private static readonly Preprocessing Resize = new() { Resize = new ImageSize(16, 2) };

    [Test]
    public void The_shape_afterwards_is_known_beforehand()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Preprocessing.None.Fit(Shape), Is.EqualTo(Shape));
            Assert.That(Crop.Fit(Shape), Is.EqualTo(new ImageShape(3, 4, 6)));
            Assert.That(Resize.Fit(Shape), Is.EqualTo(new ImageShape(3, 16, 2)));
        });
    }

    [TestCase(3, 6)]
    [TestCase(8, 5)]
    public void An_image_smaller_than_the_crop_does_not_fit(int height, int width) =>
        Assert.That(Crop.Fit(new ImageShape(1, height, width)), Is.Null);

    [Test]
    public void Cropping_keeps_the_type_and_resizing_makes_floats()
    {
        var image = new ImagePixels(Shape, new ushort[Shape.Length]);

        Assert.That(Crop.Apply(image).Type, Is.EqualTo(PixelType.UInt16));
        Assert.That(Resize.Apply(image).Type, Is.EqualTo(PixelType.Float32));
    }

    [Test]
    public void What_was_applied_once_changes_nothing_when_it_is_applied_again([Values] bool crops)
    {
        var preprocessing = crops ? Crop : Resize;
        var random = new Random(1);
        var image = new ImagePixels(Shape, [.. Enumerable.Range(0, Shape.Length).Select(_ => (byte)random.Next(256))]);
        var masks = new MaskSet(Shape.Size, [.. Enumerable.Range(0, 2 * Shape.PixelCount).Select(_ => (byte)random.Next(2))]);
        var (onceImage, onceMasks) = (preprocessing.Apply(image), preprocessing.Apply(masks));

        Assert.That(preprocessing.Apply(onceImage).ToFloats(), Is.EqualTo(onceImage.ToFloats()));
        Assert.That(preprocessing.Apply(onceMasks).Values, Is.EqualTo(onceMasks.Values));
        Assert.That(onceMasks.Size, Is.EqualTo(onceImage.Shape.Size));
    }

    [Test]
    public void It_says_what_it_does() => Assert.That(
        ((Preprocessing[])[Preprocessing.None, Crop, Resize]).Select(preprocessing => preprocessing.ToString()),
        Is.EqualTo((string[])["none", "crop 4x6", "resize 16x2"]));

    [Test]
    public void A_size_below_1_is_refused() => Assert.That(
        () => new Preprocessing { Resize = new ImageSize(0, 4) }.Validate(),
        Throws.ArgumentException.With.Message.EqualTo("Resize is 0x4; height and width must be at least 1."));

    [Test]
    public void A_size_of_more_pixels_than_an_integer_counts_is_refused() => Assert.That(
        () => new Preprocessing { Resize = new ImageSize(65536, 65536) }.Validate(),
        Throws.ArgumentException.With.Message.EqualTo("Resize is 65536x65536; an image may have 250000000 pixels at most."));
}
