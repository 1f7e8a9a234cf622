using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Networks;
using CsCheck;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Networks;

public sealed class HeadKernelTests : TorchFixture
{
    // Whole and broken lanes of sixteen and of eight pixels, whole and broken tiles, one block of channels and several.
    [TestCase(8, 4, 4)]
    [TestCase(16, 3, 7)]
    [TestCase(24, 3, 4)]
    [TestCase(32, 2, 4)]
    [TestCase(16, 5, 30)]
    [TestCase(32, 16, 16)]
    [TestCase(16, 5, 30, "core", "rim", "cyst")]
    public void A_head_samples_the_logits_that_libtorch_gives(int channels, int height, int width, params string[] classes)
    {
        var named = classes.Length == 0 ? MaskClasses.One : new MaskClasses(classes);
        using var head = new SegmentationHead("head", featureChannels: channels, dimensions: 3, hiddenChannels: channels, named);
        var features = randn(2, height, width, channels).permute(0, 3, 1, 2);
        var codes = randn(2, 5, 3);

        var difference = head.Infer(features, codes) - head.call(features, codes);

        Assert.That(difference.abs().max().item<float>(), Is.LessThan(1e-5));
    }

    [Test]
    public void Logits_have_the_same_bits_whatever_other_images_codes_and_threads_there_are()
    {
        using ImageConvolution hidden = new(16, 16, 1), last = new(16, 1, 1);
        var kernel = new HeadKernel([hidden], last);
        var (seen, bias) = (randn(2, 16, 20, 20), randn(2, 5, 16));
        var threads = get_num_threads();
        try
        {
            set_num_threads(1);
            var together = kernel.Values(seen, bias);
            var alone = kernel.Values(seen[1..], bias[1.., 2..3]);
            set_num_threads(3);
            var threaded = kernel.Values(seen, bias);

            Assert.That(alone.eq(together[1.., 2..3]).all().item<bool>(), "alone");
            Assert.That(threaded.eq(together).all().item<bool>(), "on three threads");
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    [Test]
    public void Logits_of_any_shape_are_those_of_plain_loops()
    {
        var heads = new Dictionary<(int Channels, int Layers), ImageConvolution[]>();
        Gen.Select(Gen.Int[1, 3], Gen.Int[0, 2], Gen.Int[1, 2], Gen.Int[1, 3], Gen.Int[1, 13], Gen.Int[1, 13], Gen.Int).Sample(
            (blocks, hidden, images, codes, height, width, seed) =>
            {
                using var scope = NewDisposeScope();
                var (channels, random) = (8 * blocks, new Random(seed));
                if (!heads.TryGetValue((channels, hidden), out var layers))
                {
                    layers = [.. Enumerable.Range(0, hidden).Select(_ => Layer(channels, channels, random)), Layer(channels, 1, random)];
                    heads.Add((channels, hidden), layers);
                }

                var (seen, bias) = (Values(images * channels * height * width, random), Values(images * codes * channels, random));
                var shaped = tensor(seen).view(images, channels, height, width);
                if (!HeadKernel.CanCompute(shaped, codes))
                {
                    return height * width < 16;
                }

                var logits = new HeadKernel(layers[..^1], layers[^1]).Values(shaped, tensor(bias).view(images, codes, channels));
                var plain = PlainLogits(seen, bias, layers, codes, channels, height * width);
                return logits.data<float>().ToArray().Zip(plain).All(pair => Math.Abs(pair.First - pair.Second) < 1e-5);
            },
            iter: 10_000,
            threads: 1);
        heads.Values.SelectMany(layers => layers).ToList().ForEach(layer => layer.Dispose());
    }

    [TestCase(12, 4, 4, ScalarType.Float32, TestName = "Channels that are no whole block")]
    [TestCase(520, 4, 4, ScalarType.Float32, TestName = "More channels than a stack has room for")]
    [TestCase(16, 1, 7, ScalarType.Float32, TestName = "Fewer pixels than lanes")]
    [TestCase(16, 4, 4, ScalarType.Float64, TestName = "Other numbers than float32")]
    public void What_it_cannot_compute_is_left_to_libtorch(int channels, int height, int width, ScalarType type) =>
        Assert.That(HeadKernel.CanCompute(randn([1, channels, height, width], type), planes: 1), Is.False);

    [TestCase(1, 8, TestName = "Features of more than 2 GiB")]
    [TestCase(9, 1, TestName = "Logits of more than 2 GiB")]
    public void What_no_span_can_hold_is_left_to_libtorch(int codes, int more) =>
        Assert.That(HeadKernel.CanCompute(zeros(1, 8, 1, 1).expand(1, 8, 8_000, 8_000 * more), codes), Is.False);

    [Test]
    public void What_is_not_a_number_stays_so()
    {
        using var head = new SegmentationHead("head", featureChannels: 16, dimensions: 3, hiddenChannels: 16, MaskClasses.One);

        Assert.That(head.Infer(full([1, 16, 4, 8], float.NaN), randn(1, 2, 3)).isnan().all().item<bool>());
    }

    private static float[] Values(int count, Random random)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = (2 * random.NextSingle()) - 1;
        }

        return values;
    }

    private static ImageConvolution Layer(int inputs, int outputs, Random random)
    {
        using var gradients = no_grad();
        var layer = new ImageConvolution(inputs, outputs, 1);
        layer.Weight.copy_(tensor(Values(inputs * outputs, random)).view(outputs, inputs, 1, 1).Over(inputs));
        layer.Bias!.copy_(tensor(Values(outputs, random)));
        return layer;
    }

    /// <summary>[B, N, H * W] in float64, of features [B, F, H * W] and biases [B, N, F].</summary>
    private static double[] PlainLogits(float[] seen, float[] bias, ImageConvolution[] layers, int codes, int channels, int pixels)
    {
        var weights = Array.ConvertAll(layers, layer => (Filters: layer.Weight.data<float>().ToArray(), Biases: layer.Bias!.data<float>().ToArray()));
        var logits = new double[bias.Length / channels * pixels];
        for (var logit = 0; logit < logits.Length; logit++)
        {
            var (code, pixel) = (logit / pixels, logit % pixels);
            var values = new double[channels];
            for (var channel = 0; channel < channels; channel++)
            {
                values[channel] = (double)seen[(((code / codes * channels) + channel) * pixels) + pixel] + bias[(code * channels) + channel];
            }

            foreach (var (filters, biases) in weights)
            {
                var next = new double[biases.Length];
                for (var output = 0; output < next.Length; output++)
                {
                    next[output] = biases[output];
                    for (var input = 0; input < channels; input++)
                    {
                        next[output] += filters[(output * channels) + input] * Math.Max(0, values[input]);
                    }
                }

                values = next;
            }

            logits[logit] = values[0];
        }

        return logits;
    }
}
