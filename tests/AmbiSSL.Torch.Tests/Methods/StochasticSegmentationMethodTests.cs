using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Losses;
using AmbiSSL.Torch.Methods;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Methods;

public sealed class StochasticSegmentationMethodTests : TorchFixture
{
    private static readonly StochasticSegmentationOptions Options =
        (StochasticSegmentationOptions)RegisteredMethods.Options(StochasticSegmentationOptions.Word) with { Rank = 3, TrainingSamples = 6 };

    [Test]
    public void Defaults_are_the_papers()
    {
        var options = new StochasticSegmentationOptions();

        Assert.That((options.MethodName, options.Rank, options.TrainingSamples), Is.EqualTo(("ssn", 10, 20)));
    }

    [TestCase(3)]
    [TestCase(0)]
    [TestCase(100_002)]
    public void An_impossible_number_of_training_samples_is_refused(int samples) => Assert.That(
        (Options with { TrainingSamples = samples }).Validate,
        Throws.ArgumentException.With.Message.StartsWith($"Option TrainingSamples is {samples}; it must be an even number from 2 to 100000."));

    [Test]
    public void A_rank_of_zero_is_refused() => Assert.That(
        (Options with { Rank = 0 }).Validate, Throws.ArgumentException.With.Message.StartsWith("Option Rank is 0; it must be a number of at least 1."));

    [Test]
    public void Noise_that_does_not_turn_with_the_image_is_not_averaged_over_mirror_images() => Assert.That(
        (Options with { AverageMirrorImages = true }).Validate,
        Throws.ArgumentException.With.Message.StartsWith("Option AverageMirrorImages is True; it must be false with ssn: "));

    [Test]
    public void Every_parameter_has_a_gradient_from_the_first_step_on()
    {
        using var method = Create();
        using var generator = new Generator(1);
        var batch = new TrainingBatch(rand(8, 1, 16, 16), rand([8, 2, 1, 16, 16]).round(), null, null);

        method.Whole(batch, new StepContext(0, 2, new DeviceRandom(generator, CPU))).Total.backward();

        Assert.That(
            method.named_parameters().Where(pair => pair.parameter.grad is not { } gradient || gradient.ne(0).sum().item<long>() == 0)
                .Select(pair => pair.name),
            Is.Empty);
    }

    [Test]
    public void Loss_is_the_likelihood_of_all_annotations_over_pairs_of_samples_at_opposite_sides_of_the_mean()
    {
        using var method = Create();
        using var generator = new Generator(9);
        var batch = new TrainingBatch(rand(4, 1, 16, 16), rand([4, 2, 1, 16, 16]).round(), null, null);

        // In evaluation mode the step leaves the running statistics of batch normalization alone.
        method.eval();
        var loss = method.Whole(batch, new StepContext(0, 2, new DeviceRandom(generator, CPU))).Total;

        using var again = new Generator(9);
        var half = method.Probabilities(batch.LabeledImages, randn([4, 3, method.NoiseDimensions], generator: again)).logit().squeeze(2);
        var mean = method.Distribution(batch.LabeledImages).Mean.unsqueeze(1);
        var expected = MonteCarloLikelihood.Compute(method.Activation, cat([half, (2 * mean) - half], 1).unsqueeze(2), batch.Annotations);
        Assert.That(loss.item<float>(), Is.EqualTo(expected.item<float>()).Within(1e-5));
    }

    [Test]
    public void Pixels_of_a_sample_vary_as_the_distribution_says()
    {
        const int Samples = 4000;
        using var method = Create();
        using var generator = new Generator(3);
        method.eval();
        var image = rand([1, 1, 16, 16], generator: generator);

        var logits = method.Probabilities(image, randn([1, Samples, method.NoiseDimensions], generator: generator)).logit()[0].flatten(1);

        var distribution = method.Distribution(image);
        var factors = distribution.Factors[0].flatten(1);
        var expected = factors.t().mm(factors) + distribution.Variance[0].flatten().diag();
        var centered = logits - distribution.Mean.flatten();
        var covariance = centered.t().mm(centered) / Samples;
        var deviation = expected.diagonal().sqrt();
        var errors = (covariance - expected) / (deviation.unsqueeze(0) * deviation.unsqueeze(1));
        Assert.That(errors.abs().max().item<float>(), Is.LessThan(6 * Math.Sqrt(2.0 / Samples)));
    }

    [Test]
    public void The_first_samples_are_the_same_whatever_their_number()
    {
        using var method = Create();
        var images = rand(1, 1, 16, 16);
        var noise = randn(1, 8, method.NoiseDimensions);
        method.eval();

        var difference = method.Probabilities(images, noise.narrow(1, 0, 3)) - method.Probabilities(images, noise).narrow(1, 0, 3);
        Assert.That(difference.abs().max().item<float>(), Is.LessThan(1e-6));
    }

    private static StochasticSegmentationMethod Create() => new(Options, TinyData.Shape, MaskClasses.One);
}
