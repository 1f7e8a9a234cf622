using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Losses;
using AmbiSSL.Torch.Methods;
using AmbiSSL.Torch.Networks;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Methods;

public sealed class PiononoMethodTests : TorchFixture
{
    private const int Annotators = 3;

    private static readonly PiononoOptions Options = AnnotatorMethods.Pionono;

    [Test]
    public void With_ResNet34_the_head_has_layers_of_24_16_16_and_1_channels()
    {
        using var method = new PiononoMethod(new PiononoOptions(), new ImageShape(1, 64, 64), annotators: 4, MaskClasses.One);

        Assert.That(
            method.named_parameters().Where(pair => pair.name.StartsWith("seg.", StringComparison.Ordinal) && pair.parameter.dim() == 4)
                .Select(pair => (pair.parameter.shape[1], pair.parameter.shape[0])),
            Is.EqualTo(((long, long)[])[(24, 16), (16, 16), (16, 1)]));
    }

    [Test]
    public void Every_parameter_has_a_gradient_from_the_first_step_on()
    {
        using var method = Create(Options);
        using var generator = new Generator(1);
        var batch = new TrainingBatch(rand(8, 1, 16, 16), rand([8, Annotators, 1, 16, 16]).round(), null, null);

        method.Whole(batch, new StepContext(0, 2, new DeviceRandom(generator, CPU))).Total.backward();

        Assert.That(
            method.named_parameters().Where(pair => pair.parameter.grad is not { } gradient || gradient.ne(0).sum().item<long>() == 0)
                .Select(pair => pair.name),
            Is.Empty);
    }

    [Test]
    public void Loss_of_the_mean_of_the_logits_the_divergence_and_the_heads_norms()
    {
        var options = Options with { TrainingSamples = 5, KlWeight = 0.01, WeightRegularization = 0.1 };
        using var method = Create(options);
        using var generator = new Generator(9);
        var batch = new TrainingBatch(rand(4, 1, 16, 16), rand([4, Annotators, 1, 16, 16]).round(), null, null, null, IsByReader: true);

        // In evaluation mode the step leaves the running statistics of batch normalization alone.
        method.eval();
        var losses = method.Whole(batch, new StepContext(0, 2, new DeviceRandom(generator, CPU)));

        // The same numbers from the same generator, but each annotator's code in turn through the sampler.
        using var again = new Generator(9);
        var drawn = randint(Annotators, [4], generator: again).data<long>().ToArray();
        var noise = randn([4, 5, options.LatentDimensions], generator: again);
        var logits = stack([.. drawn.Select((annotator, i) => LogitsOf(method, batch.LabeledImages[i..(i + 1)], noise[i], (int)annotator).mean([0]))]);
        var target = stack([.. drawn.Select((annotator, i) => batch.Annotations[i, annotator])]);
        var latents = method.children().OfType<AnnotatorLatents>().Single();
        var norms = method.named_parameters().Where(pair => pair.name.StartsWith("seg.layers", StringComparison.Ordinal))
            .Sum(pair => pair.parameter.norm().item<float>());
        var expected = DiceLoss.Compute(logits.unsqueeze(1).unsqueeze(1), target.unsqueeze(1)).item<float>()
            + (0.01 * drawn.Average(annotator => latents.Divergences()[annotator].item<float>()))
            + (0.1 * norms);
        Assert.That(losses.Total.item<float>(), Is.EqualTo(expected).Within(1e-4));
    }

    [Test]
    public void Only_readers_of_the_image_are_drawn()
    {
        using var method = Create(Options);
        using var generator = new Generator(9);
        var latents = method.children().OfType<AnnotatorLatents>().Single();
        var presence = tensor((float[])[1, 1, 0]).expand(64, Annotators);
        var batch = new TrainingBatch(rand(64, 1, 16, 16), rand([64, Annotators, 1, 16, 16]).round(), null, null, null, IsByReader: true, presence);

        method.Whole(batch, new StepContext(0, 2, new DeviceRandom(generator, CPU))).Total.backward();

        var moved = latents.Means.grad!.abs().sum(1).data<float>().ToArray();
        Assert.That(moved, Is.EqualTo((float[])[moved[0], moved[1], 0]).And.Exactly(1).EqualTo(0f));
    }

    [Test]
    public void Annotators_take_turns_in_sampling_each_with_a_code_of_its_own()
    {
        using var method = Create(Options);
        var images = rand(1, 1, 16, 16);
        var noise = randn(1, 5, Options.LatentDimensions);
        method.eval();

        var samples = method.Probabilities(images, noise);

        for (var n = 0; n < 5; n++)
        {
            var expected = LogitsOf(method, images, noise[0, n].unsqueeze(0), annotator: n % Annotators).sigmoid()[0];
            Assert.That((samples[0, n] - expected).abs().max().item<float>(), Is.LessThan(1e-5), $"sample {n}");
        }
    }

    [Test]
    public void An_annotators_probability_is_the_mean_over_its_codes()
    {
        using var method = Create(Options);
        var images = rand(2, 1, 16, 16);
        var noise = randn(2, method.AnnotatorNoiseVectors, Options.LatentDimensions);
        method.eval();

        var probabilities = method.AnnotatorProbabilities(images, noise);

        for (var b = 0; b < 2; b++)
        {
            for (var a = 0; a < Annotators; a++)
            {
                var expected = LogitsOf(method, images[b..(b + 1)], noise[b], a).sigmoid().mean([0]);
                Assert.That((probabilities[b, a] - expected).abs().max().item<float>(), Is.LessThan(1e-5), $"image {b}, annotator {a}");
            }
        }
    }

    [Test]
    public void Latents_learn_at_a_rate_of_their_own()
    {
        var images = new ImageCache(TinyData.Shape);
        foreach (var i in Enumerable.Range(0, 32))
        {
            var (pixels, annotations) = TinyData.Image(TinyData.Shape, i);
            images.Add(pixels, annotations);
        }

        Tensor Means(double rate)
        {
            var options = Options with { Epochs = 1, LatentLearningRate = rate, Training = Options.Training with { BatchSize = 32 } };
            using var model = SegmentationTrainer.Fit(images, options);
            return model.Method.named_parameters().Single(pair => pair.name == "latents.means").parameter.detach().clone();
        }

        // The first step of Adam has the size of the learning rate, whatever the gradient.
        var moved = (Means(0.125) - Means(0.0625)).abs();
        Assert.That(moved.flatten().data<float>().ToArray(), Is.All.EqualTo(0.0625f).Within(1e-3));
    }

    [Test]
    public void The_first_samples_are_the_same_whatever_their_number()
    {
        using var method = Create(Options);
        var images = rand(1, 1, 16, 16);
        var noise = randn(1, 8, Options.LatentDimensions);
        method.eval();

        var difference = method.Probabilities(images, noise.narrow(1, 0, 3)) - method.Probabilities(images, noise).narrow(1, 0, 3);
        Assert.That(difference.abs().max().item<float>(), Is.LessThan(1e-6));
    }

    private static PiononoMethod Create(PiononoOptions options) => new(options, TinyData.Shape, Annotators, MaskClasses.One);

    /// <summary>Logits [K, H, W] of one image for noise [K, D], with features and code concatenated as the paper's figure has it.</summary>
    private static Tensor LogitsOf(PiononoMethod method, Tensor image, Tensor noise, int annotator)
    {
        var modules = method.named_children().ToDictionary(pair => pair.name, pair => pair.module);
        var latents = (AnnotatorLatents)modules["latents"];
        var features = ((FeatureDecoder)modules["dec"]).Decode(((FeatureEncoder)modules["enc"]).Encode(image));
        var weights = method.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter);
        var logits = new List<Tensor>();
        for (var k = 0; k < noise.shape[0]; k++)
        {
            var code = latents.Means[annotator] + latents.Factors()[annotator].mv(noise[k]);
            var x = cat([features, code.view(1, -1, 1, 1).expand(1, -1, features.shape[2], features.shape[3])], 1);
            foreach (var layer in (string[])["seg.layers.0", "seg.layers.2"])
            {
                x = nn.functional.conv2d(x, weights[$"{layer}.weight"], weights[$"{layer}.bias"]).relu();
            }

            logits.Add(nn.functional.conv2d(x, weights["seg.last_layer.weight"], weights["seg.last_layer.bias"])[0, 0]);
        }

        return stack([.. logits]);
    }
}
