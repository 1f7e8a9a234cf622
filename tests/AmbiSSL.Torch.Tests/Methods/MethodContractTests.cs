using System.Text.Json;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Methods;

/// <summary>What every method keeps to, whatever its mathematics.</summary>
[TestFixtureSource(typeof(RegisteredMethods), nameof(RegisteredMethods.Words))]
internal sealed class MethodContractTests(string word)
{
    private const int Annotators = 2;

    private static readonly ImageShape Shape = TinyData.Shape;

    private readonly SegmentationOptions _options = RegisteredMethods.Options(word);
    private readonly SegmentationOptions _short = RegisteredMethods.Options(word) with { Epochs = 5 };
    private readonly List<TrainingProgress> _epochs = [];
    private readonly List<long> _liveTensors = [];
    private SegmentationModel _model = null!;

    [OneTimeSetUp]
    public void Train() => _model = SegmentationTrainer.Fit(TinyData.Images(Shape, count: 64, Annotators), _options, new RunOptions
    {
        Progress = new Reporter(progress =>
        {
            if (progress.IsEpochEnd)
            {
                _epochs.Add(progress);
                _liveTensors.Add(Tensor.TotalCount);
            }
        }),
    });

    [OneTimeTearDown]
    public void Dispose() => _model?.Dispose();

    [Test]
    public void Its_word_is_the_one_of_its_model_files() => Assert.That(_options.MethodName, Is.EqualTo(word));

    [Test]
    public void Its_defaults_are_valid() => Assert.That(RegisteredMethods.Defaults(word).Validate, Throws.Nothing);

    [Test]
    public void Loss_falls()
    {
        // Up to the first epoch that adds a term or changes to another loss, totals are of one kind.
        var phase = _epochs.TakeWhile(epoch => epoch.Losses.Keys.SequenceEqual(_epochs[0].Losses.Keys)).ToArray();

        Assert.That(phase, Has.Length.GreaterThan(1));
        Assert.That(phase[^1].Losses["total"], Is.LessThan(0.97 * phase[0].Losses["total"]));
    }

    [Test]
    public void Live_tensors_are_flat_over_the_steps()
    {
        Assert.That(_liveTensors[2], Is.AtMost(_liveTensors[1]), "in the first epochs");
        Assert.That(_liveTensors[^1], Is.EqualTo(_liveTensors[^2]), "in the last epochs");
    }

    [Test]
    public void A_disposed_model_leaves_no_tensor()
    {
        var before = Tensor.TotalCount;
        Fit(_short).Dispose();

        Assert.That(Tensor.TotalCount, Is.EqualTo(before + CountedByMakingLayers()));
    }

    [Test]
    public void Cancellation_leaves_no_tensor()
    {
        var before = Tensor.TotalCount;
        using var cancellation = new CancellationTokenSource();
        var run = new RunOptions
        {
            CancellationToken = cancellation.Token,
            Progress = new Reporter(progress =>
            {
                if (progress.Epoch == _short.Epochs - 1)
                {
                    cancellation.Cancel();
                }
            }),
        };

        Assert.That(() => Fit(_short, run), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Tensor.TotalCount, Is.EqualTo(before + CountedByMakingLayers()));
    }

    [Test]
    public void Sampling_leaves_no_tensor()
    {
        Sample(_model, 3);
        var before = Tensor.TotalCount;

        Sample(_model, 3);

        Assert.That(Tensor.TotalCount, Is.EqualTo(before));
    }

    [Test]
    public void Same_seed_gives_the_same_model()
    {
        using var model = Fit(_short);
        using var again = Fit(_short);

        Assert.That(Saved(again), Is.EqualTo(Saved(model)));
    }

    [Test]
    public void A_saved_model_draws_the_same_masks_bit_for_bit()
    {
        using var loaded = SegmentationModel.Load(new MemoryStream(Saved(_model)), "memory");

        var (masks, probability) = Sample(loaded, 5);

        var expected = Sample(_model, 5);
        Assert.That(masks, Is.EqualTo(expected.Masks));
        Assert.That(probability, Is.EqualTo(expected.Probability));
    }

    [Test]
    public void A_saved_model_keeps_every_option()
    {
        using var loaded = SegmentationModel.Load(new MemoryStream(Saved(_model)), "memory");

        Assert.That(loaded.Options, Is.TypeOf(_options.GetType()));
        Assert.That(JsonSerializer.Serialize(loaded.Options), Is.EqualTo(JsonSerializer.Serialize(_model.Options)));
    }

    [Test]
    public void A_saved_model_is_saved_again_with_the_same_bytes()
    {
        using var loaded = SegmentationModel.Load(new MemoryStream(Saved(_model)), "memory");

        Assert.That(Saved(loaded), Is.EqualTo(Saved(_model)));
    }

    [Test]
    public void In_BFloat16_it_learns_and_a_saved_model_draws_the_same_masks_bit_for_bit()
    {
        var losses = new List<double>();
        var run = new RunOptions
        {
            Progress = new Reporter(progress =>
            {
                if (progress.IsEpochEnd)
                {
                    losses.Add(progress.Losses["total"]);
                }
            }),
        };
        using var model = SegmentationTrainer.Fit(TinyData.Images(Shape, count: 32, Annotators), _short with { Precision = Precision.BFloat16 }, run);
        using var loaded = SegmentationModel.Load(new MemoryStream(Saved(model)), "memory");

        var (masks, probability) = Sample(loaded, 5);

        var expected = Sample(model, 5);
        Assert.That(loaded.Options.Precision, Is.EqualTo(Precision.BFloat16));
        Assert.That(masks, Is.EqualTo(expected.Masks));
        Assert.That(probability, Is.EqualTo(expected.Probability));
        Assert.That(model.Method.parameters().Select(parameter => parameter.dtype), Has.All.EqualTo(ScalarType.Float32));
        Assert.That(losses[1], Is.LessThan(losses[0]));
    }

    [Test]
    public void The_first_masks_are_the_same_whatever_their_number() =>
        Assert.That(Sample(_model, 5).Masks.Take(Shape.PixelCount), Is.EqualTo(Sample(_model, 1).Masks));

    [Test]
    public void Its_samples_are_drawn_as_the_options_say()
    {
        SegmentationOptions? independent = _options switch
        {
            LatentSegmentationOptions latent => latent with { CodeSampling = CodeSampling.Independent },
            PiononoOptions pionono => pionono with { CodeSampling = CodeSampling.Independent },
            StochasticSegmentationOptions stochastic => stochastic with { CodeSampling = CodeSampling.Independent },
            _ => null,
        };
        using var scope = NewDisposeScope();
        using var method = independent?.CreateMethod(Shape, Annotators, MaskClasses.One);

        Assert.That(_model.Method.CodeSampling, Is.EqualTo(CodeSampling.QuasiRandom));
        Assert.That(method?.CodeSampling ?? CodeSampling.Independent, Is.EqualTo(CodeSampling.Independent));
        Assert.That(method is null, Is.EqualTo(_model.Method.NoiseDimensions == 0));
    }

    [Test]
    public void Probabilities_lie_between_zero_and_one() => Assert.That(Sample(_model, 3).Probability, Has.All.InRange(0f, 1f));

    [Test]
    public void Each_annotator_has_a_mask_where_annotators_are_known()
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var method = _model.Method;
        var noise = randn(3, method.AnnotatorNoiseVectors, method.NoiseDimensions);
        if (!_options.KnowsAnnotators)
        {
            Assert.That(
                () => method.AnnotatorProbabilities(rand(3, 1, 16, 16), noise),
                Throws.TypeOf<NotSupportedException>().With.Message.EqualTo($"{word} does not know its annotators apart."));
            return;
        }

        var probabilities = method.AnnotatorProbabilities(rand(3, 1, 16, 16), noise);

        Assert.That(probabilities.shape, Is.EqualTo((long[])[3, Annotators, 1, 16, 16]));
        Assert.That(probabilities.ge(0).logical_and(probabilities.le(1)).all().item<bool>());
    }

    [TestCase(1, 17, 30, 1)]
    [TestCase(3, 24, 13, 5)]
    public void Any_channels_sides_and_annotators_and_fewer_samples_than_these(int channels, int height, int width, int annotators)
    {
        var shape = new ImageShape(channels, height, width);
        using var model = SegmentationTrainer.Fit(TinyData.Images(shape, annotators: annotators), _short with { Samples = 1 });
        var probability = new float[shape.PixelCount];

        model.SampleMasks(TinyData.Image(shape, 1).Pixels, 1, new byte[shape.PixelCount], probability);

        Assert.That(model.Annotators, Is.EqualTo(annotators));
        Assert.That(probability, Has.All.InRange(0f, 1f));
    }

    [Test]
    public void Labeled_images_alone_are_enough()
    {
        var images = new ImageCache(Shape);
        for (var i = 0; i < 4; i++)
        {
            var (pixels, annotations) = TinyData.Image(Shape, i);
            images.Add(pixels, annotations);
        }

        Assert.That(() => SegmentationTrainer.Fit(images, _short).Dispose(), Throws.Nothing);
    }

    [Test]
    public void Images_that_cannot_be_learned_from_are_refused()
    {
        var unlabeled = new ImageCache(Shape);
        unlabeled.Add(TinyData.Image(Shape, 1).Pixels, []);
        var pixel = new ImageCache(new ImageShape(1, 1, 1));
        pixel.Add([0.5f], [1]);

        AssertRefused(new ImageCache(Shape), _options, "There are no training images.");
        AssertRefused(unlabeled, _options, "None of the 1 training images has an annotation; at least one must.");
        AssertRefused(pixel, _options, "The images are 1x1 pixels; at least 8x8 are needed.");
    }

    [Test]
    public void Shared_options_out_of_range_are_refused()
    {
        var images = TinyData.Images(Shape);

        AssertRefused(images, _options with { Epochs = 0 }, "Option Epochs is 0; it must be a number of at least 1.");
        AssertRefused(
            images, _options with { Training = _options.Training with { BatchSize = 3 } }, "Option BatchSize is 3; it must be an even number of at least 2.");
        AssertRefused(
            images,
            _options with { Training = _options.Training with { LearningRate = double.NaN } },
            "Option LearningRate is NaN; it must be a positive number.");
        AssertRefused(images, _options with { Samples = 0 }, "Option Samples is 0; it must be a number from 1 to 100000.");
        if (_options is LatentSegmentationOptions latent)
        {
            AssertRefused(images, latent with { LatentDimensions = 0 }, "Option LatentDimensions is 0; it must be a number from 1 to 10000.");
        }

        AssertRefused(images, _options with { Backbone = null! }, "Option Backbone is null; it must be a backbone.");
    }

    [Test]
    public void A_loss_that_is_no_number_stops_the_training_with_a_remedy() => Assert.That(
        () => SegmentationTrainer.Fit(TinyData.Images(Shape, count: 40), _options with { Training = _options.Training with { LearningRate = 1e30 } }),
        Throws.InvalidOperationException.With.Message.StartsWith("The loss became ").And.Message.Contains("lower LearningRate"));

    [Test]
    public void A_model_file_cut_short_is_refused() => Assert.That(
        () => SegmentationModel.Load(new MemoryStream(Saved(_model)[..^1]), "model.safetensors"),
        Throws.TypeOf<InvalidDataException>().With.Message.StartsWith("model.safetensors is no usable safetensors file: "));

    [Test]
    public void Lengths_that_do_not_fit_are_refused() => Assert.That(
        () => _model.SampleMasks(new float[Shape.Length], 2, new byte[3], new float[Shape.PixelCount]),
        Throws.ArgumentException.With.Message.StartsWith("masks has 3 values; 512 are needed."));

    private static void AssertRefused(ImageCache images, SegmentationOptions options, string message) =>
        Assert.That(() => SegmentationTrainer.Fit(images, options), Throws.ArgumentException.With.Message.StartsWith(message));

    private static SegmentationModel Fit(SegmentationOptions options, RunOptions? run = null) =>
        SegmentationTrainer.Fit(TinyData.Images(Shape, annotators: Annotators), options, run);

    private static (byte[] Masks, float[] Probability) Sample(SegmentationModel model, int samples)
    {
        var (masks, probability) = (new byte[samples * Shape.PixelCount], new float[Shape.PixelCount]);
        model.SampleMasks(TinyData.Image(Shape, 1).Pixels, samples, masks, probability);
        return (masks, probability);
    }

    private static byte[] Saved(SegmentationModel model)
    {
        using var stream = new MemoryStream();
        model.Save(stream);
        return stream.ToArray();
    }

    /// <summary>TorchSharp's counter never takes back the initial weights of layers, although their memory is free.</summary>
    private long CountedByMakingLayers()
    {
        var before = Tensor.TotalCount;
        using (NewDisposeScope())
        {
            _options.CreateMethod(Shape, Annotators, MaskClasses.One).Dispose();
        }

        return Tensor.TotalCount - before;
    }
}
