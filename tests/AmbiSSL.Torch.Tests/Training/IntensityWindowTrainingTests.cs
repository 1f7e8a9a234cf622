using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Training;

/// <summary>Trainings on images that are not from 0 to 1.</summary>
internal sealed class IntensityWindowTrainingTests
{
    private static readonly SupervisedOptions Options = new()
    {
        Backbone = TinyData.Options.Backbone,
        LatentFilters = TinyData.Options.LatentFilters,
        LatentDimensions = 2,
        Samples = 3,
        Epochs = 2,
        Seed = 7,
        Training = TinyData.Options.Training,
    };

    [Test]
    public void Scaled_images_seen_through_their_window_train_what_unscaled_ones_do()
    {
        // A power of two, so that nothing is rounded.
        using var plain = Images(value => value);
        using var scaled = Images(value => value * 1024);
        using var expected = SegmentationTrainer.Fit(plain, Options, validation: plain);
        using var model = SegmentationTrainer.Fit(scaled, Through(new IntensityWindow(0, 1024)), validation: scaled);

        var image = TinyData.Image(TinyData.Shape, 1).Pixels;
        Assert.That(
            Draw(model, new ImagePixels(TinyData.Shape, Array.ConvertAll(image, value => value * 1024))),
            Is.EqualTo(Draw(expected, new ImagePixels(TinyData.Shape, image))));
    }

    [Test]
    public void A_model_keeps_the_values_of_its_percentiles_in_its_file()
    {
        using var images = Images(value => value * 1024);
        using var model = SegmentationTrainer.Fit(images, Through(IntensityWindow.Percentiles(10, 90)) with { Epochs = 1 });
        using var stream = new MemoryStream();
        model.Save(stream);
        stream.Position = 0;

        using var loaded = SegmentationModel.Load(stream, "model");

        float[] sorted = [.. Enumerable.Range(0, 8).SelectMany(i => TinyData.Image(TinyData.Shape, i).Pixels).Select(value => value * 1024).Order()];
        var window = loaded.Images.Intensities!.Window!;
        Assert.Multiple(() =>
        {
            Assert.That(loaded.Images, Is.EqualTo(model.Images));
            Assert.That((loaded.Images.Intensities.Lowest, loaded.Images.Intensities.Highest), Is.EqualTo((sorted[0], sorted[^1])));
            Assert.That(window.OfPercentiles, Is.False);
            Assert.That(window.Low, Is.InRange(sorted[204], sorted[205]));
            Assert.That(window.High, Is.InRange(sorted[1842], sorted[1843]));
            Assert.That(loaded.Options.Training.IntensityWindow, Is.EqualTo(IntensityWindow.Percentiles(10, 90)));
            Assert.That(
                Draw(loaded, new ImagePixels(TinyData.Shape, sorted[..256])), Is.EqualTo(Draw(model, new ImagePixels(TinyData.Shape, sorted[..256]))));
        });
    }

    [Test]
    public void A_run_with_a_window_goes_on_and_one_with_another_window_is_another_run()
    {
        var folder = Directory.CreateTempSubdirectory("ambissl-").FullName;
        try
        {
            using var images = Images(value => value * 1024);
            var run = new RunOptions { CheckpointDirectory = folder };
            var options = Through(IntensityWindow.Percentiles(1, 99));
            using var whole = SegmentationTrainer.Fit(images, options);
            using var cancellation = new CancellationTokenSource();
            Assert.That(
                () => SegmentationTrainer.Fit(
                    images, options, run with { AfterEpoch = (_, _) => cancellation.Cancel(), CancellationToken = cancellation.Token }),
                Throws.InstanceOf<OperationCanceledException>());
            Assert.That(
                () => SegmentationTrainer.Fit(images, Through(IntensityWindow.Percentiles(1, 98)), run),
                Throws.InvalidOperationException.With.Message.Contains("Training.IntensityWindow.High was 99 and is 98"));

            using var resumed = SegmentationTrainer.Fit(images, options, run);

            var image = new ImagePixels(TinyData.Shape, Array.ConvertAll(TinyData.Image(TinyData.Shape, 1).Pixels, value => value * 1024));
            Assert.That(Draw(resumed, image), Is.EqualTo(Draw(whole, image)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void Floats_outside_0_to_1_are_refused_with_a_window_that_settles_it()
    {
        using var images = Images(value => value * 250);

        Assert.That(
            () => SegmentationTrainer.Fit(images, Options),
            Throws.ArgumentException.With.Message.Match(
                @"^The training images' pixel values go from 5\d\.?\d* to 22\d\.?\d*, but floating-point images are taken as they are, from 0 to 1; set "
                + @"Training\.IntensityWindow \(--intensity-window\), such as 0,255, which the model keeps for all that it will see, or scale all images "
                + @"to 0 to 1\."));
    }

    [Test]
    public void A_window_beside_the_values_is_refused()
    {
        using var images = Images(value => value);

        Assert.That(
            () => SegmentationTrainer.Fit(images, Through(new IntensityWindow(1, 255))),
            Throws.ArgumentException.With.Message.Contains(", of which the intensity window 1,255 tells none apart; set "));
    }

    [Test]
    public void Percentiles_that_are_one_value_are_refused()
    {
        using var images = new ImageCache(TinyData.Shape);
        var pixels = new float[TinyData.Shape.Length];
        pixels[0] = 1;
        images.Add(pixels, [1, .. new byte[TinyData.Shape.PixelCount - 1]]);

        Assert.That(
            () => SegmentationTrainer.Fit(images, Through(IntensityWindow.Percentiles(1, 99))),
            Throws.ArgumentException.With.Message.StartsWith("The percentiles p1,p99 of the training images are both 0; give others, or two values."));
    }

    [Test]
    public void Validation_images_on_another_scale_are_refused()
    {
        using var images = Images(value => value);
        using var validation = Images(value => value * 255);

        Assert.That(
            () => SegmentationTrainer.Fit(images, Options, validation: validation),
            Throws.ArgumentException.With.Message.Contains("but the model was trained on floating-point numbers from 0 to 1; scale the images to 0 to 1"));
    }

    private static SupervisedOptions Through(IntensityWindow window) => Options with { Training = Options.Training with { IntensityWindow = window } };

    private static ImageCache Images(Func<float, float> scale)
    {
        var cache = new ImageCache(TinyData.Shape);
        for (var i = 0; i < 8; i++)
        {
            var (pixels, annotations) = TinyData.Image(TinyData.Shape, i);
            cache.Add(Array.ConvertAll(pixels, value => scale(value)), annotations);
        }

        return cache;
    }

    private static float[] Draw(SegmentationModel model, ImagePixels image)
    {
        var probability = new float[TinyData.Shape.PixelCount];
        model.SampleMasks(model.ToInput(image), 3, new byte[3 * TinyData.Shape.PixelCount], probability);
        return probability;
    }
}
