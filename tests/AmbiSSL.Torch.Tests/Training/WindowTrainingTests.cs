using AmbiSSL.Torch.Tests.Imaging;
using AmbiSSL.Torch.Training;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Training;

/// <summary>Trainings on crops of images that differ in size.</summary>
internal sealed class WindowTrainingTests : FolderFixture
{
    private static readonly AmbiSSLOptions Options = TinyData.Options with
    {
        Epochs = 2, Training = TinyData.Options.Training with { Windows = new WindowOptions { Size = new ImageSize(16, 16) } },
    };

    [Test]
    public void A_run_that_was_cut_off_sees_the_same_crops()
    {
        using var images = Images();
        var options = Options with { Training = Options.Training with { Windows = new WindowOptions { Size = new ImageSize(8, 8) } } };
        byte[] Train(RunOptions? run) => Weights(SegmentationTrainer.Fit(images, options, run));
        var whole = Train(null);
        var (run, interruptions) = (new RunOptions { CheckpointDirectory = Folder.Path }, 0);
        for (byte[]? pieces = null; pieces is null;)
        {
            using var cancellation = new CancellationTokenSource();
            try
            {
                pieces = Train(run with { CancellationToken = cancellation.Token, Progress = new Reporter(_ => cancellation.Cancel()) });
                Assert.That(pieces, Is.EqualTo(whole));
            }
            catch (OperationCanceledException)
            {
                interruptions++;
            }
        }

        Assert.That(interruptions, Is.GreaterThan(1));
    }

    [Test]
    public void A_model_draws_images_of_any_size_and_keeps_that_when_it_is_saved()
    {
        using var images = Images();
        using var model = SegmentationTrainer.Fit(images, Options, validation: images);
        var path = System.IO.Path.Combine(Folder.Path, "model.safetensors");
        model.Save(path);
        using var loaded = SegmentationModel.Load(path);
        var (pixels, _) = TinyData.Image(new ImageShape(1, 45, 33), seed: 5);

        Assert.Multiple(() =>
        {
            Assert.That((loaded.HasWindows, loaded.Shape), Is.EqualTo((true, new ImageShape(1, 16, 16))));
            Assert.That(loaded.Images.Shape.IsAnySize);
            Assert.That(Masks(loaded, pixels, samples: 3), Is.EqualTo(Masks(model, pixels, samples: 5)[..(3 * 45 * 33)]));
            Assert.That(loaded.ToInput(new ImagePixels(new ImageShape(1, 20, 30), new float[600])), Has.Length.EqualTo(600));
        });
    }

    [Test]
    public void Another_code_distance_draws_other_masks_with_the_same_networks()
    {
        using var images = Images();
        using var model = SegmentationTrainer.Fit(images, Options);
        var (pixels, _) = TinyData.Image(new ImageShape(1, 45, 33), seed: 5);
        var other = model.WithCodeDistance(null);

        Assert.Multiple(() =>
        {
            Assert.That(other.Options.Training.Windows!.CodeDistance, Is.Null);
            Assert.That(Probability(other, pixels), Is.Not.EqualTo(Probability(model, pixels)));
            Assert.That(() => model.WithCodeDistance(0), Throws.ArgumentException.With.Message.Contains("CodeDistance"));
        });
    }

    [Test]
    public void Images_that_differ_in_size_need_windows()
    {
        using var images = Images();

        Assert.That(
            () => SegmentationTrainer.Fit(images, TinyData.Options),
            Throws.ArgumentException.With.Message.StartsWith(
                "The images have sizes that may differ, and the networks see one; set TrainingOptions.Windows, or give images of one size."));
    }

    [Test]
    public void Crops_show_the_image_and_its_masks_and_count_nothing_beyond_it()
    {
        using var images = Images();
        using var generator = new Generator(1);
        using var scope = NewDisposeScope();
        var still = new AugmentationOptions { FlipProbability = 0, RotationProbability = 0, StrongLabeled = false, CutMixProbability = 0 };
        var loader = new BatchLoader(
            images, new IntensityScale(0, 1, Window: null), 2, isByReader: false, still, CPU, new WindowOptions { Size = new ImageSize(16, 64) });

        // 24x20 pixels, which lie in columns 22 to 41 of the crop.
        var batch = loader.Load([0], [], generator);
        var image = images.Read(0, new IntensityScale(0, 1, Window: null));
        var (pixels, masks) = (image.Pixels.ToFloats(), image.Annotations);

        var shown = batch.LabeledImages[0, 0].narrow(1, 22, 20).contiguous().data<float>().ToArray();
        var first = Enumerable.Range(0, 9).Single(top => shown.Zip(pixels.Skip(top * 20)).All(pair => Math.Abs(pair.First - pair.Second) < 1e-5f));
        Assert.Multiple(() =>
        {
            Assert.That(
                batch.Annotations[0, 1, 0].narrow(1, 22, 20).contiguous().data<float>().ToArray(),
                Is.EqualTo(masks[1].Slice(first * 20, 16 * 20).ToArray().Select(value => (float)value)));
            Assert.That(batch.LabeledImages[0, 0, 3, 0].item<float>(), Is.EqualTo(pixels[(first + 3) * 20]).Within(1e-5f), "the border goes on");
            Assert.That(batch.Counted!.narrow(4, 22, 20).eq(1).all().item<bool>());
            Assert.That(batch.Counted!.sum().item<float>(), Is.EqualTo(2 * 16 * 20));
        });
    }

    /// <summary>Four images of different sizes, one of them smaller than the windows of 16x16, the last unlabeled.</summary>
    private static ImageCache Images()
    {
        var any = new ImageFormat(new ImageShape(1, 0, 0), PixelType.Float32, new Preprocessing { AnySize = true });
        var cache = new ImageCache(any);
        foreach (var (height, width) in ((int, int)[])[(24, 20), (12, 40), (16, 16), (40, 40)])
        {
            var shape = new ImageShape(1, height, width);
            var (pixels, masks) = TinyData.Image(shape, cache.Count);
            cache.Add(new ImagePixels(shape, pixels), new MaskSet(shape.Size, cache.Count == 3 ? [] : masks));
        }

        return cache;
    }

    private static byte[] Masks(SegmentationModel model, float[] pixels, int samples)
    {
        var masks = new byte[samples * 45 * 33];
        model.SampleImage(pixels, new ImageSize(45, 33), samples, masks, new float[45 * 33]);
        return masks;
    }

    private static float[] Probability(SegmentationModel model, float[] pixels)
    {
        var probability = new float[45 * 33];
        model.SampleImage(pixels, new ImageSize(45, 33), 2, new byte[2 * 45 * 33], probability);
        return probability;
    }

    private static byte[] Weights(SegmentationModel model)
    {
        using (model)
        {
            return [.. model.Method.state_dict().SelectMany(named => named.Value.detach().cpu().contiguous().bytes.ToArray())];
        }
    }
}
