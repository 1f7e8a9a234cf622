using AmbiSSL.Torch.Imaging;
using NUnit.Framework;
using SkiaSharp;

namespace AmbiSSL.Torch.Tests.Imaging;

[TestFixture]
internal sealed class ImageFileTests : FolderFixture
{
    // 9x7, value (1000x + 4099y² + 7x²y) mod 65536, made outside this code: rows with the filters 0, 1, 2, 3, 4, 4, 3 and two IDAT
    // chunks, checked with Pillow 9.4; then the same picture in color (green + 20011, blue + 40022) and interlaced, by pypng 0.20220715.
    private const string AllFilters =
        "iVBORw0KGgoAAAANSUhEUgAAAAkAAAAHEAAAAACvYOT/AAAAKElEQVR4nAGFAHr/AAAAA+gH0Au4D6ATiBdwG1gfQAEQAwPvBP0ECwUZBCcEwduWQgAAAGhJREFU"
        + "NQRDBVECMAkxEDElMUgweTC4MQUyYDHJA3AVKgoqKSpQK30rMivtKzAs+QRwFQQEBDEEVAUABcQFHAVUBowEkBsECwQ3BVoF3QUjBTMGcgb1A/hH2h3aUtsN21Dc"
        + "mdtq3EHdoPqMI/NzqW6uAAAAAElFTkSuQmCC";

    private const string SixteenBitColor =
        "iVBORw0KGgoAAAANSUhEUgAAAAkAAAAHEAIAAAAFaSx0AAABjElEQVR4nAGBAX7+AAAATiucVgPoUhOgPgfQVfukJgu4WeOoDg+gXcur9hOIYbOv3hdwZZuzxhtY"
        + "aYO3rh9AbWu7lgAQA14urFkT8mIdsEgX72YatEUb+moluFAgE24+vGkkOnJlwJAob3aaxMUssnrdyQgxA38uzVkAQAyON9xiRAKSLeBYSBSWP+RqTEKabeiYUIye"
        + "t+ziVPKjHfFIWXSnn/XKXhKsPfpoYsyw9/8iAJAb3kYscZQY4kMwbpg/5mo0lZyQ6rs45qEL7zY9YaWw89tCBqp/+KpG1a94/aNLzrSbAsZQ8QAAME5bnIYENFJf"
        + "oIoIcFabpMYM5FsPqToRkF+7reYWdGSfssobkGm7t+Yg5G8PvTomcHSbwsYAkEvediyhlFbigTCsmKfm0jT9nT7raTmUohvwRj5xpz71aUOUrKf60kj9slYAgU6s"
        + "uEsGdlShAEBsjpfcwkR+kqng1Ejklw/lOk2em8np9FKsoNfvAlgOpjn0ZF3Eq+/6GmPOsfkAJGosuFcGghgPuQZwZG7VAAAAAElFTkSuQmCC";

    private const string Interlaced =
        "iVBORw0KGgoAAAANSUhEUgAAAAkAAAAHEAAAAAHYZ9RpAAAAl0lEQVR4nAGMAHP/AAAAH0AAD6AAADARkCZwAAfQF3AACHAbkABADEgUUIxZdGLMAEBsSORSrF3E"
        + "aiwAA+gLuBOIG1gARAJMQlTyXhIABDQM5BZ0IOQARH5NnlgOY84AEAMT8hfvG/ogEyQ6KG8ssjEDAJAblBiYP5yQoQulsKp/r3i0mwCQS5RWmKedPqIbpz6sp7JW"
        + "uEs0uC+JKHYijwAAAABJRU5ErkJggg==";

    [TestCase(1, 8, 32)]
    [TestCase(3, 5, 7)]
    public void Eight_bit_image_returns_as_written(int channels, int height, int width)
    {
        var shape = new ImageShape(channels, height, width);
        byte[] values = [.. Enumerable.Range(0, shape.Length).Select(value => (byte)(value * 3))];
        var path = Folder.Combine("image.png");
        ImageFile.Write(path, new ImagePixels(shape, values));

        var read = ImageFile.ReadImage(path);

        Assert.Multiple(() =>
        {
            Assert.That(read.Shape, Is.EqualTo(shape));
            Assert.That(read.Type, Is.EqualTo(PixelType.UInt8));
            Assert.That(read.Values<byte>().ToArray(), Is.EqualTo(values));
            Assert.That((ImageFile.ReadHeader(path).Shape, ImageFile.ReadHeader(path).Type), Is.EqualTo((shape, PixelType.UInt8)));
        });
    }

    [TestCase(1, 256, 256)]
    [TestCase(3, 6, 5)]
    public void Sixteen_bit_image_returns_as_written(int channels, int height, int width)
    {
        var shape = new ImageShape(channels, height, width);
        ushort[] values = [.. Enumerable.Range(0, shape.Length).Select(value => (ushort)(value * (channels == 1 ? 1 : 701)))];
        var path = Folder.Combine("image.png");
        ImageFile.Write(path, new ImagePixels(shape, values));

        var read = ImageFile.ReadImage(path);

        Assert.Multiple(() =>
        {
            Assert.That(read.Shape, Is.EqualTo(shape));
            Assert.That(read.Type, Is.EqualTo(PixelType.UInt16));
            Assert.That(read.Values<ushort>().ToArray(), Is.EqualTo(values));
            Assert.That((ImageFile.ReadHeader(path).Shape, ImageFile.ReadHeader(path).Type), Is.EqualTo((shape, PixelType.UInt16)));
        });
    }

    [Test]
    public void Floating_point_values_are_written_as_the_nearest_of_16_bits()
    {
        var path = Folder.Combine("map.png");
        ImageFile.Write(path, new ImagePixels(new ImageShape(1, 1, 4), [0, 0.4f / 65535, 0.6f / 65535, 1]));

        Assert.That(ImageFile.ReadImage(path).Values<ushort>().ToArray(), Is.EqualTo((ushort[])[0, 0, 1, 65535]));
    }

    [Test]
    public void Sixteen_bit_gray_of_another_program_keeps_every_bit_through_all_filters()
    {
        var path = WriteBytes("filters.png", Convert.FromBase64String(AllFilters));

        var (shape, pixels) = Read(path);

        Assert.Multiple(() =>
        {
            Assert.That(shape, Is.EqualTo(new ImageShape(1, 7, 9)));
            Assert.That(pixels, Is.EqualTo(Formula(0)));
        });
    }

    [Test]
    public void Sixteen_bit_color_of_another_program_keeps_every_bit()
    {
        var path = WriteBytes("color16.png", Convert.FromBase64String(SixteenBitColor));

        Assert.That(ImageFile.ReadImage(path).ToFloats(), Is.EqualTo([.. Formula(0), .. Formula(20011), .. Formula(40022)]));
    }

    [Test]
    public void Interlaced_16_bit_file_is_refused_with_a_remedy()
    {
        var path = WriteBytes("interlaced.png", Convert.FromBase64String(Interlaced));

        Assert.That(
            () => ImageFile.ReadImage(path),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains(path).And.Message.Contains("save it without interlacing"));
    }

    [Test]
    public void Colors_are_multiplied_by_their_alpha()
    {
        var path = Folder.Combine("rgba.png");
        RawPng.Write(path, width: 2, bitDepth: 8, colorType: 6, [[200, 100, 50, 0, 10, 20, 30, 128]]);

        var (shape, pixels) = Read(path);

        Assert.Multiple(() =>
        {
            Assert.That(shape, Is.EqualTo(new ImageShape(3, 1, 2)));
            Assert.That(pixels, Is.EqualTo(Values(0, 5, 0, 10, 0, 15)));
        });
    }

    [Test]
    public void Gray_with_alpha_has_one_channel()
    {
        var path = Folder.Combine("gray-alpha.png");
        RawPng.Write(path, width: 2, bitDepth: 8, colorType: 4, [[200, 255, 10, 128]]);

        var (shape, pixels) = Read(path);

        Assert.Multiple(() =>
        {
            Assert.That(shape, Is.EqualTo(new ImageShape(1, 1, 2)));
            Assert.That(pixels, Is.EqualTo(Values(200, 5)));
        });
    }

    [Test]
    public void Sixteen_bits_are_multiplied_by_their_alpha_and_rounded()
    {
        var path = Folder.Combine("gray-alpha.png");
        RawPng.Write(path, width: 3, bitDepth: 16, colorType: 4, [[0x80, 0, 255, 255, 255, 255, 0, 0, 0, 3, 0x80, 0]]);

        Assert.That(ImageFile.ReadImage(path).Values<ushort>().ToArray(), Is.EqualTo((ushort[])[0x8000, 0, 2]));
    }

    [Test]
    public void What_is_of_the_transparent_gray_or_color_of_16_bits_is_black()
    {
        var (gray, color) = (Folder.Combine("gray.png"), Folder.Combine("color.png"));
        RawPng.Write(gray, width: 3, bitDepth: 16, colorType: 0, [[1, 2, 1, 3, 255, 255]], transparency: [1, 2]);
        RawPng.Write(color, width: 2, bitDepth: 16, colorType: 2, [[0, 1, 0, 2, 0, 3, 0, 1, 0, 2, 0, 4]], transparency: [0, 1, 0, 2, 0, 3]);

        Assert.That(ImageFile.ReadImage(gray).Values<ushort>().ToArray(), Is.EqualTo((ushort[])[0, 259, 65535]));
        Assert.That(ImageFile.ReadImage(color).Values<ushort>().ToArray(), Is.EqualTo((ushort[])[0, 1, 0, 2, 0, 4]));
    }

    [TestCase(3, new byte[] { 9, 8, 7, 255, 0, 1 }, new byte[] { 255, 9, 0, 8, 1, 7 })]
    [TestCase(1, new byte[] { 9, 9, 9, 255, 255, 255 }, new byte[] { 255, 9 })]
    public void Palette_has_three_channels_unless_all_its_entries_are_gray(int channels, byte[] palette, byte[] expected)
    {
        var path = Folder.Combine("palette.png");
        RawPng.Write(path, width: 2, bitDepth: 8, colorType: 3, [[1, 0]], palette);

        var (shape, pixels) = Read(path);

        Assert.Multiple(() =>
        {
            Assert.That(shape, Is.EqualTo(new ImageShape(channels, 1, 2)));
            Assert.That((ImageFile.ReadHeader(path).Shape, ImageFile.ReadHeader(path).Type), Is.EqualTo((shape, PixelType.UInt8)));
            Assert.That(pixels, Is.EqualTo(Values(expected)));
        });
    }

    [TestCase(SKColorType.Gray8, 1)]
    [TestCase(SKColorType.Rgba8888, 3)]
    public void Jpeg_is_read_in_gray_and_color(SKColorType colorType, int channels)
    {
        var path = Folder.Combine("photo.jpg");
        using (var bitmap = new SKBitmap(16, 8, colorType, SKAlphaType.Opaque))
        {
            bitmap.Erase(new SKColor(128, 128, 128));
            using var stream = File.Create(path);
            bitmap.Encode(stream, SKEncodedImageFormat.Jpeg, quality: 100);
        }

        var (shape, pixels) = Read(path);

        Assert.Multiple(() =>
        {
            Assert.That((ImageFile.ReadHeader(path).Shape, ImageFile.ReadHeader(path).Type), Is.EqualTo((shape, PixelType.UInt8)));
            Assert.That(shape.Height, Is.EqualTo(8));
            Assert.That(shape.Width, Is.EqualTo(16));
            Assert.That(shape.Channels, Is.EqualTo(channels));
            Assert.That(pixels, Is.All.EqualTo(128 / 255f).Within(0.01f));
        });
    }

    [Test]
    public void Size_is_read_without_decoding_the_pixels()
    {
        var path = Folder.Combine("cut.png");
        ImageFile.Write(path, new ImagePixels(new ImageShape(3, 40, 30), new byte[3 * 40 * 30]));
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..40]);

        Assert.That(ImageFile.ReadHeader(path).Shape, Is.EqualTo(new ImageShape(3, 40, 30)));
    }

    [Test]
    public void Written_mask_returns()
    {
        var path = Folder.Combine("mask.png");
        byte[] mask = [1, 0, 0, 1, 1, 0];
        ImageFile.WriteMask(path, new ImageSize(2, 3), mask);

        Assert.That(MaskFile.Read(path).Values, Is.EqualTo(mask));
    }

    [TestCase(8)]
    [TestCase(16)]
    public void Truncated_file_is_named(int bitDepth)
    {
        var path = Folder.Combine("cut.png");
        var shape = new ImageShape(1, 64, 64);
        int[] values = [.. Enumerable.Range(0, shape.Length).Select(value => value * 7919 % 4093)];
        ImageFile.Write(path, bitDepth == 8
            ? new ImagePixels(shape, Array.ConvertAll(values, value => (byte)value))
            : new ImagePixels(shape, Array.ConvertAll(values, value => (ushort)value)));

        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);

        Assert.That(
            () => ImageFile.ReadImage(path),
            Throws.TypeOf<InvalidDataException>()
                .With.Message.StartsWith($"Image file '{path}' cannot be read: ")
                .And.Message.Contains("cut off"));
    }

    [Test]
    public void Flipped_bit_in_a_16_bit_file_is_noticed()
    {
        var path = Folder.Combine("flipped.png");
        ImageFile.Write(path, new ImagePixels(new ImageShape(1, 16, 16), new ushort[256]));
        var bytes = File.ReadAllBytes(path);
        bytes[45] ^= 4;
        File.WriteAllBytes(path, bytes);

        Assert.That(
            () => ImageFile.ReadImage(path),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains(path).And.Message.Contains("damaged"));
    }

    [Test]
    public void Foreign_and_empty_files_are_named([Values("", "P5 2 2 255 abcd", "<html>")] string content)
    {
        var path = WriteBytes("foreign.png", System.Text.Encoding.ASCII.GetBytes(content));

        Assert.Multiple(() =>
        {
            Assert.That(() => ImageFile.ReadImage(path), Throws.TypeOf<InvalidDataException>().With.Message.Contains(path));
            Assert.That(() => ImageFile.ReadHeader(path), Throws.TypeOf<InvalidDataException>().With.Message.Contains(path));
        });
    }

    [TestCase(16, 3)]
    [TestCase(16, 1)]
    [TestCase(8, 7)]
    public void Color_type_that_does_not_exist_is_refused(int bitDepth, int colorType)
    {
        var path = Folder.Combine("odd.png");
        RawPng.Write(path, width: 2, bitDepth, colorType, [[0, 0, 0, 0]]);

        Assert.That(
            () => ImageFile.ReadImage(path),
            Throws.TypeOf<InvalidDataException>()
                .With.Message.Contains($"color type {colorType} with {bitDepth} bits, which does not exist"));
    }

    [Test]
    public void Missing_file_is_named()
    {
        var path = Folder.Combine("none.png");

        Assert.That(
            () => ImageFile.ReadImage(path),
            Throws.TypeOf<FileNotFoundException>().With.Message.EqualTo($"Image file '{path}' does not exist."));
    }

    [TestCase(-0.1f)]
    [TestCase(1.1f)]
    [TestCase(float.NaN)]
    public void Value_outside_0_to_1_is_not_written(float value)
    {
        var path = Folder.Combine("out.png");

        Assert.Multiple(() =>
        {
            Assert.That(
                () => ImageFile.Write(path, new ImagePixels(new ImageShape(1, 1, 1), [value])),
                Throws.ArgumentException.With.Message.Contains("a PNG is written from values 0 to 1"));
            Assert.That(Directory.EnumerateFiles(Folder.Path), Is.Empty);
        });
    }

    private static (ImageShape Shape, float[] Pixels) Read(string path)
    {
        var image = ImageFile.ReadImage(path);
        return (image.Shape, image.ToFloats());
    }

    private static float[] Formula(int offset) =>
        [.. from y in Enumerable.Range(0, 7)
            from x in Enumerable.Range(0, 9)
            select ((1000 * x) + (4099 * y * y) + (7 * x * x * y) + offset) % 65536 / 65535f];

    private static float[] Values(params byte[] values) => Array.ConvertAll(values, value => value / 255f);

    private string WriteBytes(string name, byte[] bytes)
    {
        var path = Folder.Combine(name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
