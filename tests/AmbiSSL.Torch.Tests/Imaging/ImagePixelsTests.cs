using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Imaging;

[TestFixture]
internal sealed class ImagePixelsTests
{
    private static readonly ImageShape Shape = new(1, 2, 2);

    [Test]
    public void Integers_stand_for_their_part_of_the_largest_and_floats_for_themselves()
    {
        Assert.Multiple(() =>
        {
            Assert.That(new ImagePixels(Shape, (byte[])[0, 1, 77, 255]).ToFloats(), Is.EqualTo((float[])[0, 1 / 255f, 77 / 255f, 1]));
            Assert.That(
                new ImagePixels(Shape, (ushort[])[0, 1, 30001, 65535]).ToFloats(), Is.EqualTo((float[])[0, 1 / 65535f, 30001 / 65535f, 1]));
            Assert.That(new ImagePixels(Shape, (float[])[-1000, 0.1f, 2, 400]).ToFloats(), Is.EqualTo((float[])[-1000, 0.1f, 2, 400]));
        });
    }

    [Test]
    public void Values_are_those_of_the_array_and_of_no_other_type()
    {
        ushort[] values = [1, 2, 3, 4];
        var image = new ImagePixels(Shape, values);

        Assert.That(image.Type, Is.EqualTo(PixelType.UInt16));
        Assert.That(image.Values<ushort>().ToArray(), Is.EqualTo(values));
        Assert.That(() => image.Values<float>().Length, Throws.TypeOf<InvalidCastException>());
    }

    [Test]
    public void Another_number_of_values_is_refused() => Assert.That(
        () => new ImagePixels(Shape, new byte[5]),
        Throws.ArgumentException.With.Message.StartsWith("There are 5 pixel values; 1x2x2 needs 4."));

    [Test]
    public void Masks_of_an_image_must_have_its_size() => Assert.That(
        () => new AnnotatedImage("a", "", new ImagePixels(Shape, new byte[4]), new MaskSet(new ImageSize(1, 4), [])),
        Throws.ArgumentException.With.Message.StartsWith(
            "The masks of image 'a' are 1x4 pixels and the image is 2x2; give masks of the image's size."));

    [Test]
    public void Masks_are_told_apart()
    {
        var masks = new MaskSet(new ImageSize(1, 2), [1, 0, 0, 1, 1, 1]);

        Assert.That(masks.Count, Is.EqualTo(3));
        Assert.That(masks[1].ToArray(), Is.EqualTo((byte[])[0, 1]));
    }

    [Test]
    public void Bytes_that_are_no_image_are_refused_under_their_name() => Assert.That(
        () => ImagePixels.Decode("GIF89a"u8.ToArray(), "request body"),
        Throws.TypeOf<InvalidDataException>().With.Message.StartsWith("Image file 'request body' cannot be read: it is a GIF"));

    [Test]
    public void Bytes_of_an_image_that_is_too_large_are_refused()
    {
        using var stream = new MemoryStream();
        PngFile.WriteMask(stream, new ImageSize(10, 11), new byte[110]);

        Assert.That(
            () => ImagePixels.Decode(stream.ToArray(), "request body", new ReadingOptions { MaximumPixels = 109 }),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("10x11 pixels (height x width), more than the 109"));
    }
}
