using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Imaging;

/// <param name="limitBytes">In memory alone, in the file from the first image on, and moved to the file by a later image.</param>
[TestFixture(ImageCache.DefaultLimitBytes)]
[TestFixture(0)]
[TestFixture(30)]
internal sealed class ImageCacheTests(long limitBytes) : FolderFixture
{
    private static readonly ImageShape Shape = new(1, 2, 3);
    private static readonly MaskClasses CoreAndRim = new(["core", "rim"]);

    private ImageCache _cache = null!;

    [SetUp]
    public void MakeCache() => _cache = Cache(Shape, PixelType.Float32);

    [TearDown]
    public void DisposeCache() => _cache.Dispose();

    [Test]
    public void Floating_point_pixels_come_back_as_they_went_in()
    {
        float[] values = [-1.5f, 0, 1 / 255f, 0.123456f, 1, 700];
        _cache.Add(new float[6], []);
        _cache.Add(values, []);
        var read = new float[6];

        _cache.ReadPixels(1, read);

        Assert.That(read, Is.EqualTo(values));
    }

    [Test]
    public void Pixels_of_8_bits_come_back_as_parts_of_255()
    {
        var shape = new ImageShape(1, 16, 16);
        using var cache = Cache(shape, PixelType.UInt8);
        cache.Add(new ImagePixels(shape, [.. Enumerable.Range(0, 256).Select(value => (byte)value)]), new MaskSet(shape.Size, []));
        var read = new float[256];

        cache.ReadPixels(0, read);

        Assert.That(read, Is.EqualTo(Enumerable.Range(0, 256).Select(value => value / 255f)));
    }

    [Test]
    public void Pixels_of_16_bits_come_back_as_parts_of_65535()
    {
        var shape = new ImageShape(1, 256, 256);
        using var cache = Cache(shape, PixelType.UInt16);
        cache.Add(new ImagePixels(shape, [.. Enumerable.Range(0, 65536).Select(value => (ushort)value)]), new MaskSet(shape.Size, []));
        var read = new float[65536];

        cache.ReadPixels(0, read);

        Assert.That(read, Is.EqualTo(Enumerable.Range(0, 65536).Select(value => value / 65535f)));
    }

    [Test]
    public void Missing_annotators_repeat_the_others_in_turn()
    {
        byte[] first = [1, 0, 0, 0, 0, 0], second = [0, 255, 1, 0, 0, 1];
        _cache.Add([0.1f, 0, 0, 0, 0, 0], []);
        _cache.Add(new float[6], [.. first, .. second]);
        var read = new float[18];

        _cache.ReadAnnotations(1, 3, read);

        Assert.That(read, Is.EqualTo((float[])[1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0]));
    }

    [Test]
    public void An_image_comes_back_with_its_own_masks()
    {
        _cache.Add([0.1f, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0]);
        _cache.Add([0.2f, 0, 0, 0, 0, 1], [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 7, 0]);

        var image = _cache.Read(1, new IntensityScale(0, 1, Window: null));

        Assert.That(image.Pixels.ToFloats(), Is.EqualTo((float[])[0.2f, 0, 0, 0, 0, 1]));
        Assert.That(image.Annotations.Values, Is.EqualTo((byte[])[1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]));
    }

    [Test]
    public void Masks_of_several_classes_come_back_plane_by_plane_with_what_they_ignore()
    {
        byte[] first = [1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0], second = [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0], ignored = [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0];
        _cache.Add(new float[6], []);
        _cache.Add(new ImagePixels(Shape, new float[6]), new MaskSet(Shape.Size, [.. first, .. second], [], ignored, CoreAndRim));
        var (masks, open) = (new float[36], new float[18]);

        _cache.ReadAnnotations(1, 3, masks);
        _cache.ReadIgnored(1, 3, isByReader: false, open);
        var image = _cache.Read(1, new IntensityScale(0, 1, Window: null));

        Assert.Multiple(() =>
        {
            Assert.That(masks, Is.EqualTo((byte[])[.. first, .. second, .. first]));
            Assert.That(open, Is.EqualTo((byte[])[.. ignored, .. ignored[..6]]));
            Assert.That(image.Annotations.Values, Is.EqualTo((byte[])[.. first, .. second]));
            Assert.That(image.Annotations.Ignored, Is.EqualTo(ignored));
            Assert.That((_cache.Classes, image.Annotations.Classes), Is.EqualTo((CoreAndRim, CoreAndRim)));
            Assert.That((_cache.PixelsOf(1, 0, 9), _cache.PixelsOf(1, 1, 9)), Is.EqualTo((new[] { 0, 5 }, new[] { 1, 4 })));
        });
    }

    [Test]
    public void Masks_of_other_classes_than_before_are_refused()
    {
        _cache.Add(new float[6], [1, 0, 0, 0, 0, 0]);

        Assert.That(
            () => _cache.Add(new ImagePixels(Shape, new float[6]), new MaskSet(Shape.Size, new byte[12], [], [], CoreAndRim)),
            Throws.ArgumentException.With.Message.StartsWith(
                "The masks have the classes core, rim, and those of the images before foreground; give all masks the same classes."));
    }

    [Test]
    public void The_same_bits_of_other_classes_are_other_data()
    {
        string Checksum(MaskClasses classes)
        {
            using var cache = Cache(Shape, PixelType.Float32);
            cache.Add(new ImagePixels(Shape, new float[6]), new MaskSet(Shape.Size, new byte[12], [], [], classes));
            return cache.Checksum();
        }

        Assert.That(Checksum(new MaskClasses(["core", "rim"])), Is.EqualTo(Checksum(CoreAndRim)));
        Assert.That(Checksum(new MaskClasses(["rim", "core"])), Is.Not.EqualTo(Checksum(CoreAndRim)));
    }

    [Test]
    public void Each_mask_is_at_the_position_of_its_reader_and_absent_readers_repeat_the_present_in_turn()
    {
        byte[] first = [1, 0, 0, 0, 0, 0], second = [0, 1, 0, 0, 0, 0];
        _cache.Add(new float[6], [.. first, .. second], "r10", "r2");
        _cache.Add(new float[6], []);
        _cache.Add(new float[6], [.. second, .. first], "r1", "r3");
        var (masks, presence) = (new float[24], new float[4]);

        Assert.Multiple(() =>
        {
            Assert.That(_cache.Readers, Is.EqualTo((string[])["r1", "r2", "r3", "r10"]));
            _cache.ReadAnnotations(0, masks, presence);
            Assert.That(presence, Is.EqualTo((float[])[0, 1, 0, 1]));
            Assert.That(masks, Is.EqualTo((byte[])[.. first, .. second, .. second, .. first]));
            _cache.ReadAnnotations(2, masks, presence);
            Assert.That(presence, Is.EqualTo((float[])[1, 0, 1, 0]));
            Assert.That(masks, Is.EqualTo((byte[])[.. second, .. second, .. first, .. first]));
            Assert.That(_cache.Read(2, new IntensityScale(0, 1, Window: null)).Annotations.Readers, Is.EqualTo((string[])["r1", "r3"]));
        });
    }

    [TestCase("anna", "", "The masks have no readers and those of the images before have some; name the readers of all masks, or of none.")]
    [TestCase("", "anna", "The masks have readers and those of the images before have none; name the readers of all masks, or of none.")]
    public void Readers_of_some_images_alone_are_refused(string first, string second, string message)
    {
        string[] Names(string name) => name.Length == 0 ? [] : [name];
        _cache.Add(new float[6], new byte[6], Names(first));
        _cache.Add(new float[6], []);

        Assert.That(() => _cache.Add(new float[6], new byte[6], Names(second)), Throws.ArgumentException.With.Message.StartsWith(message));
    }

    [Test]
    public void The_checksum_depends_on_the_readers()
    {
        using var other = Cache(Shape, PixelType.Float32);
        _cache.Add(new float[6], new byte[12], "anna", "ben");
        other.Add(new float[6], new byte[12], "ben", "anna");

        Assert.That(other.Checksum(), Is.Not.EqualTo(_cache.Checksum()));
    }

    [Test]
    public void Labelled_and_unlabeled_images_are_told_apart()
    {
        _cache.Add(new float[6], []);
        _cache.Add(new float[6], new byte[12]);

        Assert.Multiple(() =>
        {
            Assert.That(_cache.Unlabeled, Is.EqualTo((int[])[0]));
            Assert.That(_cache.Labeled, Is.EqualTo((int[])[1]));
            Assert.That(_cache.MaximumAnnotators, Is.EqualTo(2));
            Assert.That((_cache.AnnotationCount(0), _cache.AnnotationCount(1)), Is.EqualTo((0, 2)));
        });
    }

    [Test]
    public void The_checksum_is_that_of_pixels_number_of_masks_and_masks_in_order()
    {
        using var cache = Cache(Shape, PixelType.UInt16);
        cache.Add(
            new ImagePixels(Shape, (ushort[])[0, 1, 7, 128, 256, 65535]), new MaskSet(Shape.Size, [1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0]));
        cache.Add(new ImagePixels(Shape, new ushort[6]), new MaskSet(Shape.Size, []));

        byte[] expected =
        [
            0, 0, 1, 0, 7, 0, 128, 0, 0, 1, 255, 255, 2, 0, 0, 0, 0b100001, 0b10,
            .. new byte[12], 0, 0, 0, 0,
        ];
        Assert.That(cache.Checksum(), Is.EqualTo(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(expected))));
    }

    [Test]
    public void Images_larger_than_a_block_of_memory_come_back_to_several_threads()
    {
        var shape = new ImageShape(1, 300, 301);
        using var cache = Cache(shape, PixelType.Float32);
        var images = Enumerable.Range(0, 4).Select(seed => Noise(shape, seed)).ToArray();
        Array.ForEach(images, image => cache.Add(image, []));

        Parallel.For(0, 40, i =>
        {
            var read = new float[shape.Length];
            cache.ReadPixels(i % 4, read);
            Assert.That(read.AsSpan().SequenceEqual(images[i % 4]));
        });
    }

    [Test]
    public void The_file_is_used_past_the_limit_alone()
    {
        _cache.Add(new float[6], []);
        Assert.That(_cache.IsInFile, Is.EqualTo(limitBytes < 24));

        _cache.Add(new float[6], []);
        Assert.That(_cache.IsInFile, Is.EqualTo(limitBytes < 48));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "Windows removes the name of a file with its last handle.")]
    public void No_file_has_a_name_that_a_killed_process_would_leave()
    {
        _cache.Add(new float[6], []);
        _cache.Add(new float[6], []);

        Assert.That(Directory.EnumerateFileSystemEntries(Folder.Path), Is.Empty);
    }

    [Test]
    public void A_disposed_cache_leaves_no_file_and_refuses_to_read()
    {
        _cache.Add(new float[6], []);
        _cache.Add(new float[6], []);

        _cache.Dispose();

        Assert.That(Directory.EnumerateFileSystemEntries(Folder.Path), Is.Empty);
        Assert.That(() => _cache.ReadPixels(0, new float[6]), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void A_pixel_that_is_no_number_is_refused() => Assert.That(
        () => _cache.Add([0, 0, float.NaN, 0, 0, 0], []),
        Throws.ArgumentException.With.Message.StartsWith("pixel value 2 is NaN; pixels must be finite numbers."));

    [Test]
    public void A_mask_of_another_size_is_refused() => Assert.That(
        () => _cache.Add(new float[6], new byte[7]),
        Throws.ArgumentException.With.Message.StartsWith("There are 7 mask values, not a multiple of 2x3 = 6;"));

    [Test]
    public void An_image_of_another_type_is_refused() => Assert.That(
        () => _cache.Add(new ImagePixels(Shape, new byte[6]), new MaskSet(Shape.Size, [])),
        Throws.ArgumentException.With.Message.StartsWith(
            "The image is 1x2x3 of 8-bit integers; the cache holds 1x2x3 of floating-point numbers."));

    [Test]
    public void Masks_of_another_size_than_the_image_are_refused() => Assert.That(
        () => _cache.Add(new ImagePixels(Shape, new float[6]), new MaskSet(new ImageSize(3, 2), [])),
        Throws.ArgumentException.With.Message.StartsWith("The masks are 3x2 pixels; they must have the images' size, 2x3."));

    private ImageCache Cache(ImageShape shape, PixelType type) =>
        new(new ImageFormat(shape, type, Preprocessing.None), limitBytes, Folder.Path);

    private static float[] Noise(ImageShape shape, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, shape.Length).Select(_ => random.NextSingle())];
    }
}
