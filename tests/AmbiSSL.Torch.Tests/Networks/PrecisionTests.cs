using AmbiSSL.Torch.Latent;
using AmbiSSL.Torch.Losses;
using AmbiSSL.Torch.Networks;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Networks;

/// <summary>The same networks and training in bfloat16 as in float32.</summary>
public sealed class PrecisionTests : TorchFixture
{
    private const double Tolerance = 2e-2;
    private const double Cosine = 0.98;

    private static IEnumerable<BackboneOptions> Backbones() =>
        [new UNetBackbone { Filters = [8, 16, 32] }, new UNetBackbone { Filters = [8, 16], BatchNormalization = false }, new ResNet34Backbone()];

    [TestCaseSource(nameof(Backbones))]
    public void Logits_are_near_those_of_float32(BackboneOptions backbone)
    {
        using var network = Create(backbone);
        var ((images, _), codes) = (Lesions(), randn(4, 3, 2));
        using var gradients = no_grad();
        Tensor Logits(Precision precision)
        {
            ImageConvolution.Prepare(network, precision);
            return network.Logits(images, codes);
        }

        var (expected, logits) = (Logits(Precision.Float32), Logits(Precision.BFloat16));

        Assert.That(logits.dtype, Is.EqualTo(ScalarType.Float32));
        Assert.That((logits - expected).norm().item<float>() / expected.norm().item<float>(), Is.GreaterThan(0).And.LessThan(Tolerance));
    }

    [TestCaseSource(nameof(Backbones))]
    public void Gradients_point_where_those_of_float32_do(BackboneOptions backbone)
    {
        using var network = Create(backbone);
        var ((images, masks), codes) = (Lesions(), randn(4, 1, 2));
        Tensor Gradient(Precision precision)
        {
            ImageConvolution.Prepare(network, precision);
            var loss = DiceLoss.Compute(network.Logits(images, codes), masks.unsqueeze(2));
            return cat([.. autograd.grad([loss], [.. network.parameters()]).Select(gradient => gradient.flatten())]);
        }

        var cosine = nn.functional.cosine_similarity(Gradient(Precision.Float32), Gradient(Precision.BFloat16), 0).item<float>();

        Assert.That(cosine, Is.GreaterThan(Cosine).And.LessThan(1));
    }

    [Test]
    public void Bounds_and_their_gradients_are_near_those_of_float32()
    {
        using var head = new SegmentationHead("head", featureChannels: 16, dimensions: 3, hiddenChannels: 16, MaskClasses.One);
        Tensor[] inputs = [randn(2, 16, 24, 20).requires_grad_(), randn(2, 1, 3), randn(2, 8, 3)];
        Tensor[] Compute(Precision precision)
        {
            ImageConvolution.Prepare(head, precision);
            var (logits, bounds) = head.WithBounds(inputs[0], inputs[1], inputs[2]);
            var gradients = autograd.grad([logits, bounds], [inputs[0], .. head.parameters()], [ones_like(logits), ones_like(bounds)]);
            return [logits, bounds, cat([.. gradients.Select(gradient => gradient.flatten())])];
        }

        foreach (var (own, expected) in Compute(Precision.BFloat16).Zip(Compute(Precision.Float32)))
        {
            Assert.That(own.dtype, Is.EqualTo(ScalarType.Float32));
            Assert.That(nn.functional.cosine_similarity(own.flatten(), expected.flatten(), 0).item<float>(), Is.GreaterThan(Cosine));
        }
    }

    [Test]
    public void Batch_normalization_gathers_its_statistics_in_float32()
    {
        using var network = Create(new UNetBackbone { Filters = [8, 16] });
        ImageConvolution.Prepare(network, Precision.BFloat16);

        network.Features(rand(4, 1, 32, 32) + 100);

        Assert.That(network.named_buffers().Where(named => named.name.Contains("running")).Select(named => named.buffer.dtype),
            Is.Not.Empty.And.All.EqualTo(ScalarType.Float32));
    }

    [Test]
    public void Distributions_are_in_float32()
    {
        using var encoder = new LatentEncoder("encoder", 1, new LatentSizes(2, [4, 6], 1));
        ImageConvolution.Prepare(encoder, Precision.BFloat16);

        var (location, logScale) = encoder.call(rand(2, 1, 16, 16));

        Assert.That(location.dtype, Is.EqualTo(ScalarType.Float32));
        Assert.That(logScale.dtype, Is.EqualTo(ScalarType.Float32));
    }

    [Category("Slow")]
    [Test]
    public void A_training_in_bfloat16_comes_as_near_to_the_experts_as_one_in_float32()
    {
        double[] Distances(Precision precision) => [.. Enumerable.Range(1, 3).Select(seed => EnergyDistance(precision, seed))];
        var (float32, bfloat16) = (Distances(Precision.Float32), Distances(Precision.BFloat16));

        // Student's t test of two groups with one variance: 2.776 is the 97.5 % point at four degrees of freedom.
        var difference = bfloat16.Average() - float32.Average();
        var noise = 2.776 * Math.Sqrt((Variance(float32) + Variance(bfloat16)) / 3);
        TestContext.Out.WriteLine(
            $"GED of three seeds: {string.Join(", ", float32)} in Float32, {string.Join(", ", bfloat16)} in BFloat16; "
            + $"difference of the means {difference:F4}, 95 % of what chance makes within {noise:F4}.");
        Assert.That(Math.Abs(difference), Is.LessThan(noise));
    }

    private static double Variance(double[] values) => values.Sum(value => Math.Pow(value - values.Average(), 2)) / (values.Length - 1);

    /// <remarks>Of these images ResNet34 leaves 2x2 pixels. Batch statistics of so few values magnify rounding, so it is in evaluation.</remarks>
    private static SegmentationNetwork Create(BackboneOptions backbone)
    {
        var network = new SegmentationNetwork("net", backbone, channels: 1, dimensions: 2, MaskClasses.One);
        network.train(backbone is UNetBackbone);
        return network;
    }

    /// <summary>Images [4, 1, 64, 64] and the first annotator's masks.</summary>
    private static (Tensor Images, Tensor Masks) Lesions()
    {
        const int Side = 64;
        var lesions = new SyntheticLesions(new SyntheticLesionOptions { Images = 4, Height = Side, Width = Side, Annotators = 1, Radius = 0.2 });
        var read = Enumerable.Range(0, lesions.Count).Select(lesions.Read).ToArray();
        Tensor Batch(IEnumerable<float> values) => tensor(values.ToArray()).view(-1, 1, Side, Side);
        return (
            Batch(read.SelectMany(image => image.Pixels.ToFloats())),
            Batch(read.SelectMany(image => image.Annotations.Values.Select(value => (float)value))));
    }

    private static double EnergyDistance(Precision precision, int seed)
    {
        const int Side = 32;
        var lesions = new SyntheticLesions(new SyntheticLesionOptions { Images = 96, Height = Side, Width = Side, Annotators = 3, Radius = 0.2 });
        var (training, validation) = (new ImageCache(lesions.Format), new ImageCache(lesions.Format));
        for (var i = 0; i < lesions.Count; i++)
        {
            var image = lesions.Read(i);
            (i < 64 ? training : validation).Add(image.Pixels, i < 32 || i >= 64 ? image.Annotations : new MaskSet(lesions.Shape.Size, []));
        }

        var distance = double.NaN;
        using var model = SegmentationTrainer.Fit(
            training,
            new AmbiSSLOptions
            {
                Backbone = new UNetBackbone { Filters = [8, 16, 32] },
                LatentFilters = [8, 16],
                LatentConvolutionsPerBlock = 1,
                PruneFromBlock = 0,
                Epochs = 20,
                WarmUpEpochs = 8,
                Precision = precision,
                Seed = seed,
                Training = new TrainingOptions { LearningRate = 3e-3, ValidationEvery = 20 },
            }, new RunOptions { Progress = new Reporter(progress => distance = progress.Validation?[Figure.Ged].Mean ?? distance) },
            validation);
        return distance;
    }
}
