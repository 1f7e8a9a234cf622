using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using AmbiSSL.Torch.Imaging;
using NUnit.Framework;
using SkiaSharp;

namespace AmbiSSL.Torch.Tests.Imaging;

[TestFixture]
internal sealed class HostileImageTests : FolderFixture
{
    private const long MostBytes = 1 << 20;

    [TestCase(
        "gif_32768.png", "Image file '{0}' cannot be read: it is a GIF, and only PNG and JPEG are read. Save or download it again as PNG or JPEG.")]
    [TestCase(
        "jpeg_gray_65000.png",
        "Image file '{0}' is 65000x65000 pixels (height x width), more than the 50000000 that are read at most; scale it down, or raise MaximumPixels.")]
    [TestCase(
        "palette_huge_chunk.png",
        "Image file '{0}' cannot be read: one of its chunks says that it has 2415919104 bytes, more than a PNG may have. "
        + "Save or download it again as PNG or JPEG.")]
    public void A_hostile_file_is_refused_with_its_sentence_in_little_memory(string name, string sentence)
    {
        var path = Folder.Combine(name);
        File.Copy(HostileFile(name), path);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        AssertRefused(path, string.Format(sentence, path));

        Assert.Multiple(() =>
        {
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(MostBytes));
            Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(1)));
        });
    }

    [TestCase(int.MaxValue, int.MaxValue)]
    [TestCase(32768, 32768)]
    [TestCase(5_000_001, 10)]
    public void A_png_that_says_it_is_huge_is_refused_by_its_header(int width, int height)
    {
        var path = Folder.Combine("huge.png");
        RawPng.Write(path, width: 1, bitDepth: 16, colorType: 6, [new byte[8]]);
        Patch(path, 16, width);
        Patch(path, 20, height);

        AssertRefused(
            path,
            $"Image file '{path}' is {height}x{width} pixels (height x width), more than the 50000000 that are read at most; scale it down, "
            + "or raise MaximumPixels.");
    }

    [TestCase("zeros.png", "it has more than 16777216 bytes before its pixels")]
    [TestCase("zeros.jpg", "it has more than 16777216 bytes before its size")]
    public void A_file_of_a_gigabyte_with_no_pixels_in_sight_is_not_searched_through(string name, string reason)
    {
        var path = Folder.Combine(name);
        RawPng.Write(path, width: 1, bitDepth: 8, colorType: 0, [new byte[1]]);
        byte[] start = name == "zeros.png" ? File.ReadAllBytes(path)[..33] : [0xFF, 0xD8, 0xFF, 0xFE, 0, 2];
        using (var file = File.Create(path))
        {
            file.Write(start);
            file.SetLength(1 << 30);
        }

        var watch = Stopwatch.StartNew();
        AssertRefused(path, $"Image file '{path}' cannot be read: {reason}. Save or download it again as PNG or JPEG.");
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public void A_jpeg_of_more_scans_than_encoders_make_is_refused_before_it_is_decoded()
    {
        var path = Folder.Combine("scans.jpg");
        using (var bitmap = new SKBitmap(8, 8, SKColorType.Gray8, SKAlphaType.Opaque))
        using (var jpeg = bitmap.Encode(SKEncodedImageFormat.Jpeg, 80))
        {
            byte[] scan = [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 0x7F, 0xFF, 0];
            File.WriteAllBytes(path, [.. jpeg.ToArray()[..^2], .. Enumerable.Repeat(scan, 100).SelectMany(part => part), 0xFF, 0xD9]);
        }

        Assert.That(
            () => ImageFile.ReadImage(path),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
                $"Image file '{path}' cannot be read: its pixels are in more than 100 scans, each of which takes as long as an image. "
                + "Save or download it again as PNG or JPEG."));
    }

    [Test]
    public void The_limit_can_be_moved()
    {
        var path = Folder.Combine("image.png");
        ImageFile.Write(path, new ImagePixels(new ImageShape(1, 4, 6), new byte[24]));

        Assert.Multiple(() =>
        {
            Assert.That(() => ImageFile.ReadImage(path, new ReadingOptions { MaximumPixels = 24 }), Throws.Nothing);
            Assert.That(
                () => ImageFile.ReadImage(path, new ReadingOptions { MaximumPixels = 23 }),
                Throws.TypeOf<InvalidDataException>().With.Message.Contains("is 4x6 pixels (height x width), more than the 23 that are read"));
        });
    }

    [Test]
    public void A_limit_out_of_range_is_refused([Values(0, -1, 250_000_001)] int pixels)
    {
        WriteSet([new ImageSize(4, 4)], []);

        Assert.That(
            () => ImageFolder.Open(Folder.Path, reading: new ReadingOptions { MaximumPixels = pixels }),
            Throws.ArgumentException.With.Message.StartsWith($"Option MaximumPixels is {pixels}; it must be a number from 1 to 250000000."));
    }

    [Test]
    public void An_image_of_another_size_is_refused_before_its_pixels_are_decoded()
    {
        WriteSet([new ImageSize(4, 4), new ImageSize(400, 400)], []);
        CutPixels(Folder.Combine("images", "1.png"));
        var source = ImageFolder.Open(Folder.Path);

        Assert.That(() => source.Read(1), Throws.TypeOf<InvalidDataException>().With.Message.Contains("is 1x400x400 (channels x height x width)"));
    }

    [Test]
    public void A_mask_of_another_size_is_refused_before_its_pixels_are_decoded()
    {
        WriteSet([new ImageSize(4, 4)], [new ImageSize(400, 400)]);
        CutPixels(Folder.Combine("masks", "0_r1.png"));
        var source = ImageFolder.Open(Folder.Path);

        Assert.That(
            () => source.Read(0), Throws.TypeOf<InvalidDataException>().With.Message.Contains("is 400x400 pixels (height x width), but its image"));
    }

    [Test]
    public void A_file_is_known_by_its_content_and_not_by_its_name()
    {
        var path = Folder.Combine("photo.jpg");
        ImageFile.Write(path, new ImagePixels(new ImageShape(1, 1, 2), new byte[] { 7, 9 }));

        Assert.That(ImageFile.ReadImage(path).Values<byte>().ToArray(), Is.EqualTo(new byte[] { 7, 9 }));
    }

    [TestCase("RIFF\0\0\0\0WEBPVP8 ", "a WebP")]
    [TestCase("BM\0\0\0\0\0\0\0\0", "a BMP")]
    [TestCase("II*\0\u0008\0\0\0", "a TIFF")]
    public void Another_format_is_refused_by_name(string content, string kind)
    {
        var path = Folder.Combine("image.png");
        File.WriteAllText(path, content);

        AssertRefused(
            path,
            $"Image file '{path}' cannot be read: it is {kind}, and only PNG and JPEG are read. Save or download it again as PNG or JPEG.");
    }

    [Test]
    public void A_file_far_longer_than_its_image_is_not_read_into_memory()
    {
        var path = Folder.Combine("long.png");
        ImageFile.Write(path, new ImagePixels(new ImageShape(1, 1, 2), new byte[2]));
        using (var file = File.OpenWrite(path))
        {
            file.SetLength(3L << 30);
        }

        Assert.That(
            () => ImageFile.ReadImage(path),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("it has 3221225472 bytes, more than an image of 1x2 pixels can take"));
    }

    [Test]
    [Platform("Linux")]
    public void A_pipe_is_refused_at_once()
    {
        var path = Folder.Combine("pipe.png");
        Process.Start("mkfifo", [path]).WaitForExit();

        AssertRefused(path, $"Image file '{path}' is a pipe, no file; give the name of a file.");
    }

    [Test]
    [Platform("Linux")]
    public void A_socket_is_refused()
    {
        // The path of a socket has at most 107 bytes.
        var path = Folder.Combine("s.png");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));

        AssertRefused(path, $"Image file '{path}' is a socket, no file; give the name of a file.");
    }

    [TestCase("/dev/zero", "a device")]
    [TestCase("loop.png", "a loop of links")]
    [TestCase(".", "a folder")]
    [Platform("Linux")]
    public void A_link_to_no_file_is_refused(string target, string kind)
    {
        var path = Folder.Combine("loop.png");
        File.CreateSymbolicLink(path, target);

        AssertRefused(path, $"Image file '{path}' is {kind}, no file; give the name of a file.");
    }

    [Test]
    public void A_link_that_leads_nowhere_is_refused()
    {
        var path = Folder.Combine("link.png");
        File.CreateSymbolicLink(path, "none.png");

        Assert.That(
            () => ImageFile.ReadImage(path),
            Throws.TypeOf<FileNotFoundException>().With.Message.EqualTo($"Image file '{path}' is a link to 'none.png', which does not exist."));
    }

    [TestCase(SKEncodedImageFormat.Jpeg, 8)]
    [TestCase(SKEncodedImageFormat.Png, 8)]
    [TestCase(SKEncodedImageFormat.Png, 16)]
    public void Damage_anywhere_is_refused_by_name_or_does_no_harm(SKEncodedImageFormat format, int bitDepth)
    {
        var path = Folder.Combine("image");
        var good = Encode(format, bitDepth);
        var random = new Random(21);
        for (var mutant = 0; mutant < 300; mutant++)
        {
            var bytes = good.ToArray();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            File.WriteAllBytes(path, mutant % 10 == 0 ? bytes[..random.Next(bytes.Length)] : bytes);
            try
            {
                ImageFile.ReadImage(path);
            }
            catch (InvalidDataException refusal)
            {
                Assert.That(refusal.Message, Does.StartWith($"Image file '{path}' "));
            }
        }
    }

    private static string HostileFile(string name) => Path.Combine(AppContext.BaseDirectory, "Hostile", name);

    private static void AssertRefused(string path, string sentence)
    {
        Assert.That(() => ImageFile.ReadHeader(path), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(sentence));
        Assert.That(() => ImageFile.ReadImage(path), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(sentence));
    }

    private static void Patch(string path, int position, int value)
    {
        var bytes = File.ReadAllBytes(path);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(position), value);
        File.WriteAllBytes(path, bytes);
    }

    private static void CutPixels(string path) => File.WriteAllBytes(path, File.ReadAllBytes(path)[..45]);

    private static void Blank(string path, ImageSize size) =>
        ImageFile.Write(path, new ImagePixels(new ImageShape(1, size.Height, size.Width), new byte[size.PixelCount]));

    private byte[] Encode(SKEncodedImageFormat format, int bitDepth)
    {
        var path = Folder.Combine("good");
        var shape = new ImageShape(3, 16, 12);
        if (format == SKEncodedImageFormat.Png)
        {
            int[] values = [.. Enumerable.Range(0, shape.Length).Select(value => value * 7919 % 4093)];
            ImageFile.Write(path, bitDepth == 8
                ? new ImagePixels(shape, Array.ConvertAll(values, value => (byte)value))
                : new ImagePixels(shape, Array.ConvertAll(values, value => (ushort)value)));
            return File.ReadAllBytes(path);
        }

        using var bitmap = new SKBitmap(shape.Width, shape.Height);
        bitmap.Erase(SKColors.Crimson);
        return bitmap.Encode(format, quality: 90).ToArray();
    }

    private void WriteSet(ImageSize[] images, ImageSize[] masks)
    {
        Directory.CreateDirectory(Folder.Combine("images"));
        Directory.CreateDirectory(Folder.Combine("masks"));
        for (var image = 0; image < images.Length; image++)
        {
            Blank(Folder.Combine("images", $"{image}.png"), images[image]);
        }

        for (var mask = 0; mask < masks.Length; mask++)
        {
            Blank(Folder.Combine("masks", $"{mask}_r1.png"), masks[mask]);
        }
    }
}
