using System.Buffers.Binary;
using System.IO.Compression;
using AmbiSSL.Torch.Imaging;
using AmbiSSL.Torch.Tests.Imaging;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Pictures;

internal sealed class PngFileTests : FolderFixture
{
    private static readonly ImageSize Size = new(1, 3);

    [Test]
    public void A_mask_is_read_back_as_0_and_1()
    {
        var path = Folder.Combine("mask.png");

        PngFile.WriteMask(path, Size, [0, 1, 7]);

        Assert.That(MaskFile.Read(path).Values, Is.EqualTo(new byte[] { 0, 1, 1 }));
    }

    [Test]
    public void A_map_has_16_bits_and_what_rounding_took_past_its_ends_is_0_or_1()
    {
        var path = Folder.Combine("map.png");

        PngFile.WriteMap(path, Size, [-1e-7f, 1 / 65535f, 1 + 1e-6f]);

        Assert.That(ImageFile.ReadImage(path).ToFloats(), Is.EqualTo(new[] { 0, 1 / 65535f, 1 }));
    }

    [Test]
    public void Class_numbers_are_values_and_show_in_the_colors_of_the_classes()
    {
        var path = Folder.Combine("classes.png");

        PngFile.WriteClasses(path, Size, [0, 2, 1], new MaskClasses(["core", "rim"]));

        Assert.That(ImageFile.ReadImage(path).Values<byte>().ToArray(), Is.EqualTo((byte[])[0, 0xE6, 0x56, 0, 0x9F, 0xB4, 0, 0, 0xE9]));
        Assert.That(StoredRow(path), Is.EqualTo((byte[])[2, 0, 2, 1]), "the filter, and the numbers");
    }

    [Test]
    public void Class_numbers_are_read_back()
    {
        var (path, classes) = (Folder.Combine("classes.png"), new MaskClasses(["core", "rim"]));
        PngFile.WriteClasses(path, Size, [0, 2, 1], classes);

        Assert.That(PngFile.ReadClasses(path, classes), Is.EqualTo((byte[])[0, 2, 1]));
    }

    [Test]
    public void A_color_of_no_class_is_refused()
    {
        var path = Folder.Combine("classes.png");
        PngFile.WriteClasses(path, Size, [0, 3, 1], new MaskClasses(["core", "rim", "edge"]));

        Assert.That(
            () => PngFile.ReadClasses(path, new MaskClasses(["core", "rim"])),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("has a color that is of none of its 2 classes; it was changed after it was written."));
    }

    [Test]
    public void A_number_of_no_class_is_not_written() => Assert.That(
        () => PngFile.WriteClasses(Folder.Combine("classes.png"), Size, [0, 3, 1], new MaskClasses(["core", "rim"])),
        Throws.ArgumentException.With.Message.Contains("holds 3; it has the classes 1 to 2, and 0 for background."));

    [Test]
    public void A_stream_gets_the_bytes_of_the_file()
    {
        using var stream = new MemoryStream();
        PngFile.WriteMask(stream, Size, [0, 1, 7]);
        PngFile.WriteMask(Folder.Combine("mask.png"), Size, [0, 1, 7]);
        Assert.That(stream.ToArray(), Is.EqualTo(File.ReadAllBytes(Folder.Combine("mask.png"))));

        stream.SetLength(0);
        PngFile.WriteMap(stream, Size, [0, 0.5f, 1]);
        PngFile.WriteMap(Folder.Combine("map.png"), Size, [0, 0.5f, 1]);
        Assert.That(stream.ToArray(), Is.EqualTo(File.ReadAllBytes(Folder.Combine("map.png"))));
    }

    [Test]
    public void An_image_comes_back_from_a_stream_with_its_type([Values(typeof(byte), typeof(ushort))] Type type)
    {
        var shape = new ImageShape(3, 1, 2);
        var image = type == typeof(byte)
            ? new ImagePixels(shape, new byte[] { 1, 2, 3, 4, 5, 6 })
            : new ImagePixels(shape, new ushort[] { 1, 2, 3, 4, 5, 600 });
        using var stream = new MemoryStream();
        PngFile.WriteImage(stream, image);

        var read = ImagePixels.Decode(stream.ToArray(), "copy");

        Assert.That((read.Shape, read.Type), Is.EqualTo((shape, image.Type)));
        Assert.That(read.ToFloats(), Is.EqualTo(image.ToFloats()));
    }

    [Test]
    public void A_map_of_another_size_is_refused()
    {
        Assert.That(() => PngFile.WriteMap(Folder.Combine("map.png"), Size, [0, 1]), Throws.ArgumentException.With.Message.Contains("2 pixel values"));
    }

    private static byte[] StoredRow(string path)
    {
        var file = File.ReadAllBytes(path);
        var data = file.AsSpan().IndexOf("IDAT"u8);
        using var zlib = new ZLibStream(
            new MemoryStream(file, data + 4, BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(data - 4))), CompressionMode.Decompress);
        using var row = new MemoryStream();
        zlib.CopyTo(row);
        return row.ToArray();
    }
}
