using AmbiSSL.Torch.Imaging;
using AmbiSSL.Torch.Methods;
using AmbiSSL.Torch.Training;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Imaging;

/// <summary>Values of mask files at which the reader says nothing, from the file to the batch.</summary>
internal sealed class IgnoredValuesTests : FolderFixture
{
    private static readonly ImageShape Shape = new(1, 8, 8);
    private static readonly IntensityScale Unscaled = new(0, 1, Window: null);

    [TestCase("unmistakable ignoring 128", new byte[] { 0, 128, 255 }, new byte[] { 0, 0, 1 }, new byte[] { 0, 1, 0 })]
    [TestCase("unmistakable ignoring 255", new byte[] { 0, 255, 200 }, new byte[] { 0, 0, 1 }, new byte[] { 0, 1, 0 })]
    [TestCase("unmistakable ignoring 255", new byte[] { 0, 255, 0 }, new byte[] { 0, 0, 0 }, new byte[] { 0, 1, 0 })]
    [TestCase("nonzero ignoring 255", new byte[] { 0, 7, 255 }, new byte[] { 0, 1, 0 }, new byte[] { 0, 0, 1 })]
    [TestCase("at-least-half ignoring 255", new byte[] { 100, 200, 255 }, new byte[] { 0, 1, 0 }, new byte[] { 0, 0, 1 })]
    [TestCase("1,2 ignoring 255,254", new byte[] { 1, 254, 255 }, new byte[] { 1, 0, 0 }, new byte[] { 0, 1, 1 })]
    [TestCase("1 ignoring 0", new byte[] { 0, 1, 3 }, new byte[] { 0, 1, 0 }, new byte[] { 1, 0, 0 })]
    [TestCase("nonzero ignoring 7", new byte[] { 0, 1, 255 }, new byte[] { 0, 1, 1 }, new byte[0])]
    public void Values_are_foreground_background_or_ignored(string text, byte[] values, byte[] mask, byte[] ignored)
    {
        var path = Folder.Combine("m.png");
        ImageFile.Write(path, new ImagePixels(new ImageShape(1, 1, 3), values));

        var read = MaskFile.Read(path, new ReadingOptions { ForegroundValues = ForegroundValues.Parse(text) });

        Assert.That((read.Values, read.Ignored), Is.EqualTo((mask, ignored)));
        Assert.That($"{ForegroundValues.Parse(text)}", Is.EqualTo(text), "as a model file keeps it");
    }

    [Test]
    public void Colors_are_ignored_too()
    {
        var path = Folder.Combine("m.png");
        ImageFile.Write(path, new ImagePixels(new ImageShape(3, 1, 3), (byte[])[0, 255, 192, 0, 0, 192, 0, 0, 192]));

        var read = MaskFile.Read(path, new ReadingOptions { ForegroundValues = ForegroundValues.Unmistakable.Ignoring("#C0C0C0") });

        Assert.That((read.Values, read.Ignored), Is.EqualTo(((byte[])[0, 1, 0], (byte[])[0, 0, 1])));
    }

    [TestCase("unmistakable ignoring 255", new byte[] { 0, 100, 255 }, "holds the values 0 (33.3 %), 100 (33.3 %). Expected is")]
    [TestCase("nonzero ignoring 255", new byte[] { 255, 255, 255 }, "is ignored everywhere, so that it says nothing; leave the file out.")]
    public void What_leaves_a_doubt_beside_ignored_values_is_refused(string text, byte[] values, string message)
    {
        var path = Folder.Combine("m.png");
        ImageFile.Write(path, new ImagePixels(new ImageShape(1, 1, 3), values));

        Assert.That(
            () => MaskFile.Read(path, new ReadingOptions { ForegroundValues = ForegroundValues.Parse(text) }),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains(message));
    }

    [Test]
    public void A_value_is_not_foreground_and_ignored() => Assert.That(
        () => ForegroundValues.Of(1, 255).Ignoring(255),
        Throws.ArgumentException.With.Message.StartsWith(
            "The values '255' are to be ignored, and one of them is foreground in '1,255'; a value is one of the two."));

    [Test]
    public void A_crop_and_a_new_size_take_ignored_pixels_along()
    {
        var masks = new MaskSet(new ImageSize(2, 4), [1, 1, 1, 1, 0, 0, 0, 0], ignored: [0, 0, 1, 1, 0, 1, 0, 0]);

        Assert.That(masks.Values, Is.EqualTo((byte[])[1, 1, 0, 0, 0, 0, 0, 0]), "an ignored pixel is no foreground");
        Assert.That(masks.Crop(new ImageSize(2, 2)).Ignored, Is.EqualTo((byte[])[0, 1, 1, 0]));
        Assert.That(masks.Resize(new ImageSize(1, 2)).Ignored, Is.EqualTo((byte[])[1, 0]));
    }

    [Test]
    public void A_set_needs_as_many_values_of_both_kinds() => Assert.That(
        () => new MaskSet(new ImageSize(1, 2), [1, 0], ignored: [1]),
        Throws.ArgumentException.With.Message.StartsWith("There are 2 mask values and 1 that say which of them are ignored; give one for each, or none."));

    [Test]
    public void The_cache_keeps_them_in_memory_and_in_its_file([Values(0, 1 << 20)] int limit)
    {
        var (pixels, masks, ignored) = Image(1);
        using var cache = new ImageCache(new ImageFormat(Shape, PixelType.Float32, Preprocessing.None), limit);
        cache.Add(new ImagePixels(Shape, pixels), new MaskSet(Shape.Size, masks));
        cache.Add(new ImagePixels(Shape, pixels), new MaskSet(Shape.Size, masks, ignored: ignored));
        cache.Add(new ImagePixels(Shape, pixels), new MaskSet(Shape.Size, masks));

        Assert.That(Enumerable.Range(0, 3).Select(cache.HasIgnored), Is.EqualTo((bool[])[false, true, false]));
        Assert.That(Enumerable.Range(0, 3).Select(i => cache.Read(i, Unscaled).Annotations.Ignored), Is.EqualTo((byte[][])[[], ignored, []]));
        Assert.That(cache.Read(2, Unscaled).Annotations.Values, Is.EqualTo(masks));
    }

    [Test]
    public void A_batch_tells_the_pixels_that_count_where_its_masks_are()
    {
        using var scope = NewDisposeScope();
        var (pixels, masks, ignored) = Image(1);
        using var cache = new ImageCache(Shape);
        cache.Add(new ImagePixels(Shape, pixels), new MaskSet(Shape.Size, masks, ["r1", "r2"], ignored));
        cache.Add(new ImagePixels(Shape, pixels), new MaskSet(Shape.Size, masks[..Shape.PixelCount], ["r2"]));
        var still = new AugmentationOptions { FlipProbability = 0, RotationProbability = 0, CutMixProbability = 0 };

        TrainingBatch Load(params int[] images)
        {
            using var generator = new Generator(1);
            return new BatchLoader(cache, Unscaled, 2, isByReader: true, still, CPU).Load(images, [], generator);
        }

        Assert.That(Load(1).Counted, Is.Null);
        var batch = Load(0, 1);
        Assert.That(batch.Counted![0].flatten().data<float>().ToArray(), Is.EqualTo(ignored.Select(value => 1f - value)));
        Assert.That(batch.Counted![1].eq(1).all().item<bool>());
    }

    [Test]
    public void Ignored_pixels_move_with_their_masks_and_what_turns_into_the_image_counts()
    {
        using var scope = NewDisposeScope();
        using var cache = new ImageCache(Shape);
        for (var i = 0; i < 8; i++)
        {
            // Foreground and, in the other image, ignored pixels of one and the same shape.
            byte[] left = [.. Enumerable.Range(0, Shape.PixelCount).Select(pixel => pixel % 8 < 4 && pixel / 8 < 3 ? (byte)1 : (byte)0)];
            cache.Add(new ImagePixels(Shape, new float[64]), new MaskSet(Shape.Size, [.. left, .. new byte[64]], ignored: [.. new byte[64], .. left]));
        }

        using var generator = new Generator(2);
        var batch = new BatchLoader(cache, Unscaled, 2, isByReader: false, new AugmentationOptions { CutMixProbability = 0 }, CPU)
            .Load([.. Enumerable.Range(0, 8)], [], generator);

        Assert.That(batch.Counted!.select(1, 1).eq(1 - batch.Annotations.select(1, 0)).all().item<bool>());
        Assert.That(batch.Counted!.select(1, 0).eq(1).all().item<bool>());
    }

    [Test]
    public void A_list_without_a_value_of_the_masks_gives_the_same_weights()
    {
        ImageFolder.Save(new SyntheticLesions(new SyntheticLesionOptions { Images = 6, Height = 16, Width = 16, Annotators = 2 }), Folder.Combine("data"));
        byte[] Train(ForegroundValues? values)
        {
            var folder = ImageFolder.Open(Folder.Combine("data"), reading: new ReadingOptions { ForegroundValues = values });
            using var cache = new ImageCache(folder.Format);
            for (var i = 0; i < folder.Count; i++)
            {
                cache.Add(folder.Read(i).Pixels, folder.Read(i).Annotations);
            }

            using var model = SegmentationTrainer.Fit(cache, TinyData.Options with { Epochs = 1 });
            using var stream = new MemoryStream();
            model.Save(stream);
            return stream.ToArray();
        }

        Assert.That(Train(ForegroundValues.Unmistakable.Ignoring(7)), Is.EqualTo(Train(null)));
    }

    [Test]
    public void A_saved_folder_is_read_as_it_was_once_it_is_said_that_127_is_ignored()
    {
        var (pixels, masks, ignored) = Image(1);
        var path = Folder.Combine("saved");
        var image = new AnnotatedImage("a", "a", new ImagePixels(Shape, pixels), new MaskSet(Shape.Size, masks, ["r1", "r2"], ignored));
        ImageFolder.Save(new Inspection.MemoryImages([image]), path);

        Assert.That(() => ImageFolder.Open(path).Read(0), Throws.TypeOf<InvalidDataException>().With.Message.Contains("127 ("));
        var read = ImageFolder.Open(path, reading: new ReadingOptions { ForegroundValues = ForegroundValues.Unmistakable.Ignoring(127) }).Read(0).Annotations;
        Assert.That((read.Values, read.Ignored), Is.EqualTo((image.Annotations.Values, ignored)));
    }

    /// <summary>An image with two masks; of the second a fourth is ignored.</summary>
    private static (float[] Pixels, byte[] Masks, byte[] Ignored) Image(int seed)
    {
        var random = new Random(seed);
        byte[] ignored = [.. new byte[64], .. Enumerable.Range(0, 64).Select(pixel => (byte)(pixel % 8 < 2 ? 1 : 0))];
        byte[] masks = [.. Enumerable.Range(0, 128).Select(i => (byte)(ignored[i] == 0 ? random.Next(2) : 0))];
        return ([.. Enumerable.Range(0, 64).Select(_ => random.NextSingle())], masks, ignored);
    }
}
