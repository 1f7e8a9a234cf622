using AmbiSSL.Torch.Inference;
using AmbiSSL.Torch.Metrics;
using AmbiSSL.Torch.Networks;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Models;

public sealed class SegmentationModelTests
{
    private static readonly ImageShape Shape = TinyData.Shape;

    private SegmentationModel _model = null!;

    [OneTimeSetUp]
    public void Train() => _model = SegmentationTrainer.Fit(TinyData.Images(Shape), TinyData.Options);

    [OneTimeTearDown]
    public void Dispose() => _model.Dispose();

    [Test]
    public void Masks_are_zero_or_one_and_the_probability_lies_between()
    {
        var (masks, probability) = Sample(_model, TinyData.Image(Shape, 1).Pixels, samples: 5);

        Assert.Multiple(() =>
        {
            Assert.That(masks, Has.All.InRange((byte)0, (byte)1));
            Assert.That(probability, Has.All.InRange(0f, 1f));
        });
    }

    [Test]
    public void A_model_file_keeps_size_scale_and_preprocessing_of_the_training_images(
        [Values] PixelType source, [Values("crop", "resize", "none")] string word)
    {
        var size = new ImageSize(16, 16);
        var images = new ImageFormat(Shape, source, new Preprocessing { Crop = word == "crop" ? size : null, Resize = word == "resize" ? size : null })
        {
            Intensities = new IntensityScale(0, 1, Window: null),
        };
        using var model = new SegmentationModel(
            TinyData.Options, images, annotators: 2, [], TinyData.Options.CreateMethod(Shape, 2, MaskClasses.One), CPU);
        using var stream = new MemoryStream();
        model.Save(stream);
        stream.Position = 0;

        using var loaded = SegmentationModel.Load(stream, "model");

        Assert.That(loaded.Images, Is.EqualTo(images));
    }

    [Test]
    public void Loading_leaves_the_global_generator_as_it_was()
    {
        using var scope = NewDisposeScope();
        using var stream = new MemoryStream();
        _model.Save(stream);
        stream.Position = 0;
        random.manual_seed(11);
        var expected = randn(4);
        random.manual_seed(11);

        using var model = SegmentationModel.Load(stream, "copy");

        Assert.That(randn(4).data<float>().ToArray(), Is.EqualTo(expected.data<float>().ToArray()));
    }

    [Test]
    public void A_model_that_was_saved_with_post_processing_does_it_to_each_mask_and_to_no_probability()
    {
        var processing = new PostProcessing { FillHoles = true, SmallestComponent = 3, LargestComponentOnly = true };
        var image = TinyData.Image(Shape, 1).Pixels;
        using var stream = new MemoryStream();
        _model.WithPostProcessing(processing).Save(stream);
        stream.Position = 0;
        using var loaded = SegmentationModel.Load(stream, "model");

        var (masks, probability) = Sample(loaded, image, samples: 5);

        var (raw, same) = Sample(_model, image, samples: 5);
        foreach (var mask in Enumerable.Range(0, 5))
        {
            processing.Apply(raw.AsSpan(mask * Shape.PixelCount, Shape.PixelCount), Shape.Size);
        }

        Assert.That(loaded.PostProcessing, Is.EqualTo((PostProcessing[])[processing]));
        Assert.That(masks, Is.EqualTo(raw));
        Assert.That(probability, Is.EqualTo(same));
    }

    [Test]
    public void The_consensus_is_where_the_probability_is_above_the_threshold_after_post_processing()
    {
        var probability = new float[Shape.PixelCount];
        (probability[0], probability[1], probability[^1]) = (0.3f, 0.31f, 0.9f);
        var consensus = new byte[Shape.PixelCount];

        _model.WithConsensusThreshold(0.3f).Consensus(probability, consensus);
        var pixels = consensus.Index().Where(pixel => pixel.Item != 0).Select(pixel => pixel.Index).ToArray();
        _model.WithConsensusThreshold(0.2).WithPostProcessing(new PostProcessing { SmallestComponent = 2 }).Consensus(probability, consensus);
        var processed = consensus.Index().Where(pixel => pixel.Item != 0).Select(pixel => pixel.Index).ToArray();

        Assert.That(pixels, Is.EqualTo((int[])[1, Shape.PixelCount - 1]));
        Assert.That(processed, Is.EqualTo((int[])[0, 1]));
        Assert.That(_model.ConsensusThreshold, Is.EqualTo(0.5));
        Assert.That(() => _model.WithConsensusThreshold(1), Throws.ArgumentException.With.Message.StartsWith("Option ConsensusThreshold is 1; it must be"));
    }

    [Test]
    public void A_model_that_was_saved_with_temperature_and_outlines_has_them_and_the_same_masks()
    {
        var outlines = new ConformalOutlines(0.9, 0.75, 0.125);
        var image = TinyData.Image(Shape, 1).Pixels;
        using var stream = new MemoryStream();
        _model.WithTemperature(1.5).WithOutlines(outlines).Save(stream);
        stream.Position = 0;
        using var loaded = SegmentationModel.Load(stream, "model");

        var (masks, probability) = Sample(loaded, image, samples: 5);

        var (same, raw) = Sample(_model, image, samples: 5);
        Assert.That((loaded.Temperature, loaded.Outlines), Is.EqualTo((1.5, outlines)));
        Assert.That(masks, Is.EqualTo(same));
        Assert.That(probability, Is.EqualTo(raw.Select(p => 1 / (1 + Math.Pow((1 - p) / p, 1 / 1.5)))).Within(1e-6));
    }

    [Test]
    public void An_images_masks_do_not_depend_on_its_batch()
    {
        var images = Enumerable.Range(0, 5).Select(i => TinyData.Image(Shape, i).Pixels).ToArray();

        var (batch, _) = Sample(_model, [.. images.SelectMany(image => image)], samples: 3);

        var alone = images.SelectMany(image => Sample(_model, image, samples: 3).Masks);
        Assert.That(batch, Is.EqualTo(alone));
    }

    [Test]
    public void Images_that_share_a_forward_get_what_it_gives_for_the_noise_of_each()
    {
        using var scope = NewDisposeScope();
        var images = Enumerable.Range(0, 5).Select(i => TinyData.Image(Shape, i).Pixels).ToArray();
        var noise = images.Select(image => Noise(_model, image, samples: 3)).ToArray();

        var (_, probability) = Sample(_model, [.. images.SelectMany(image => image)], samples: 3, imagesPerForward: 2);

        var expected = Enumerable.Range(0, images.Length).Chunk(2).SelectMany(together => _model.Method.Probabilities(
                stack([.. together.Select(i => tensor(images[i]).view(1, 16, 16))]), stack([.. together.Select(i => noise[i])]))
            .mean([1]).data<float>().ToArray());
        Assert.That(probability, Is.EqualTo(expected));
    }

    [Test]
    public void Images_that_share_a_forward_get_nearly_what_they_get_alone()
    {
        float[] images = [.. Enumerable.Range(0, 5).SelectMany(i => TinyData.Image(Shape, i).Pixels)];

        Assert.That(
            Sample(_model, images, samples: 3, imagesPerForward: 3).Probability,
            Is.EqualTo(Sample(_model, images, samples: 3).Probability).Within(1e-5));
    }

    [Test]
    public void On_a_CPU_each_image_has_a_forward_of_its_own() => Assert.That(_model.ImagesPerForward, Is.EqualTo(1));

    [Test]
    public void The_uncertainty_is_the_entropy_of_the_probability()
    {
        float[] images = [.. Enumerable.Range(0, 5).SelectMany(i => TinyData.Image(Shape, i).Pixels)];
        var (masks, probability, uncertainty) = (new byte[5 * 3 * Shape.PixelCount], new float[5 * Shape.PixelCount], new float[5 * Shape.PixelCount]);

        _model.SampleMasks(images, 3, masks, probability, uncertainty);

        Assert.That(uncertainty, Is.EqualTo(BinaryEntropy.Of(probability)));
    }

    [Test]
    public void An_uncertainty_of_another_length_is_refused() => Assert.That(
        () => _model.SampleMasks(new float[Shape.Length], 1, new byte[Shape.PixelCount], new float[Shape.PixelCount], new float[5]),
        Throws.ArgumentException.With.Message.StartsWith("uncertainty has 5 values; 256 are needed."));

    [Test]
    public void No_images_per_forward_are_refused() => Assert.That(
        () => Sample(_model, TinyData.Image(Shape, 1).Pixels, samples: 1, imagesPerForward: 0),
        Throws.TypeOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("imagesPerForward"));

    [Test]
    public void Features_are_the_means_of_the_encoders_coarsest_level()
    {
        var image = TinyData.Image(Shape, 1).Pixels;
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var encoder = _model.Method.modules().OfType<FeatureEncoder>().First();
        var coarsest = encoder.Encode(tensor(image, [1, Shape.Channels, Shape.Height, Shape.Width])).Levels[^1];

        float[] means = [.. Enumerable.Range(0, (int)coarsest.shape[1]).Select(channel => coarsest[0, channel].data<float>().Average())];
        Assert.That(_model.Features(image), Is.EqualTo(means).Within(1e-5f));
    }

    [Test]
    public void The_first_masks_are_the_same_whatever_their_number()
    {
        var image = TinyData.Image(Shape, 1).Pixels;

        var (few, _) = Sample(_model, image, samples: 2);
        var (many, _) = Sample(_model, image, samples: 6);

        Assert.That(many.Take(few.Length), Is.EqualTo(few));
    }

    [Test]
    public void Threads_do_not_disturb_each_other()
    {
        var image = TinyData.Image(Shape, 1).Pixels;
        var (expected, _) = Sample(_model, image, samples: 3);

        var results = Enumerable.Range(0, 40).AsParallel().WithDegreeOfParallelism(4).Select(_ => Sample(_model, image, samples: 3).Masks).ToArray();

        Assert.That(results, Has.All.EqualTo(expected));
    }

    [Test]
    public void A_saved_model_loads_with_its_options_and_draws_the_same_masks()
    {
        using var stream = new MemoryStream();
        _model.Save(stream);
        stream.Position = 0;

        using var loaded = SegmentationModel.Load(stream, "memory");

        var image = TinyData.Image(Shape, 1).Pixels;
        var (expectedMasks, expectedProbability) = Sample(_model, image, samples: 4);
        var (masks, probability) = Sample(loaded, image, samples: 4);
        Assert.Multiple(() =>
        {
            Assert.That(masks, Is.EqualTo(expectedMasks));
            Assert.That(probability, Is.EqualTo(expectedProbability));
            Assert.That((loaded.Shape, loaded.Annotators, loaded.Options.Seed), Is.EqualTo((_model.Shape, _model.Annotators, _model.Options.Seed)));
            Assert.That(((UNetBackbone)loaded.Options.Backbone).Filters, Is.EqualTo(((UNetBackbone)TinyData.Options.Backbone).Filters));
        });
    }

    [Test]
    public void A_model_file_cut_short_anywhere_is_refused()
    {
        var bytes = Saved();
        foreach (var length in new[] { 0, 4, 8, 100, bytes.Length / 2, bytes.Length - 1 })
        {
            Assert.That(
                () => SegmentationModel.Load(new MemoryStream(bytes[..length]), "model.safetensors"),
                Throws.InstanceOf<InvalidDataException>().With.Message.StartsWith("model.safetensors is no usable safetensors file: "),
                $"{length} of {bytes.Length} bytes");
        }
    }

    [Test]
    public void A_model_file_with_a_flipped_bit_is_refused()
    {
        var bytes = Saved();
        bytes[^5] ^= 1;

        Assert.That(
            () => SegmentationModel.Load(new MemoryStream(bytes), "model.safetensors"),
            Throws.InstanceOf<InvalidDataException>().With.Message.Contains("its content does not match its checksum"));
    }

    [Test]
    public void A_foreign_file_is_refused() => Assert.That(
        () => SegmentationModel.Load(new MemoryStream("PK\u0003\u0004 this is a zip file"u8.ToArray()), "photo.zip"),
        Throws.InstanceOf<InvalidDataException>().With.Message.StartsWith("photo.zip is no usable safetensors file: "));

    [Test]
    public void A_failed_save_leaves_neither_file_nor_temporary()
    {
        var folder = Directory.CreateTempSubdirectory("ambissl-test-");
        try
        {
            using var model = SegmentationTrainer.Fit(TinyData.Images(Shape), TinyData.Options with { Epochs = 1 });
            model.Dispose();

            Assert.That(() => model.Save(Path.Combine(folder.FullName, "model.safetensors")), Throws.InstanceOf<ObjectDisposedException>());
            Assert.That(folder.EnumerateFileSystemInfos(), Is.Empty);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public void Lengths_that_do_not_fit_are_refused() => Assert.That(
        () => _model.SampleMasks(new float[Shape.Length], 2, new byte[3], new float[Shape.PixelCount]),
        Throws.ArgumentException.With.Message.StartsWith("masks has 3 values; 512 are needed."));

    private static (byte[] Masks, float[] Probability) Sample(
        SegmentationModel model, float[] images, int samples, int? imagesPerForward = null)
    {
        var batch = images.Length / Shape.Length;
        var masks = new byte[batch * samples * Shape.PixelCount];
        var probability = new float[batch * Shape.PixelCount];
        model.SampleMasks(images, samples, masks, probability, imagesPerForward: imagesPerForward);
        return (masks, probability);
    }

    /// <summary>[samples, D].</summary>
    private static Tensor Noise(SegmentationModel model, float[] image, int samples) =>
        new SampleNoise(image, model.Options.Seed!.Value).Draw(samples, model.Method.NoiseDimensions, model.Method.CodeSampling);

    private byte[] Saved()
    {
        using var stream = new MemoryStream();
        _model.Save(stream);
        return stream.ToArray();
    }
}
