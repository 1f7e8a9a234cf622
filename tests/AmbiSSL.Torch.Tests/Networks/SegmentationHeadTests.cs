using System.Text.Json;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Networks;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Networks;

public sealed class SegmentationHeadTests : TorchFixture
{
    private static IEnumerable<TestCaseData> Cases() => TorchOracle.TestCases("fcomb.json");

    [Category("Oracle")]
    [TestCaseSource(nameof(Cases))]
    public void Logits_and_gradients(JsonElement entry, ScalarType type)
    {
        using var head = new SegmentationHead(
            "head",
            entry.GetProperty("feat").GetInt32(),
            entry.GetProperty("latent").GetInt32(),
            entry.GetProperty("hidden").GetInt32(),
            MaskClasses.One,
            entry.GetProperty("k").GetInt32());
        head.LoadParameters(entry.GetProperty("params"), type);
        var features = entry.Tensor("features", type, requiresGradient: true);
        var code = entry.Tensor("z", type, requiresGradient: true);

        var logits = head.call(features, code.unsqueeze(1));
        (logits.squeeze(2) * entry.Tensor("cot", type)).sum().backward();

        TorchOracle.AssertClose(logits.squeeze(2), entry.GetProperty("logits"), TorchOracle.Tolerance(type), "logits");
        TorchOracle.AssertClose(features.grad!, entry.GetProperty("grad_features"), TorchOracle.GradientTolerance(type), "grad_features");
        TorchOracle.AssertClose(code.grad!, entry.GetProperty("grad_z"), TorchOracle.GradientTolerance(type), "grad_z");
        head.AssertGradients(entry.GetProperty("grad_params"), type);
    }

    /// <summary>
    /// A filter without a mean answers to how its inputs differ from one another: for 16 rectified features (second moment 1/2, mean 1/sqrt(2 pi)) and 6
    /// codes that is 14 - (52.2 / 22) of 22 inputs, times 2 / (1 - 1 / pi); each later layer of n channels keeps 1 - 1/n.
    /// </summary>
    [Test]
    public void Before_training_its_logits_vary_with_features_and_codes_about_a_pixel_in_eight()
    {
        var logits = cat([.. Enumerable.Range(0, 100).Select(_ =>
        {
            using var head = new SegmentationHead("head", featureChannels: 16, dimensions: 6, hiddenChannels: 16, MaskClasses.One);
            return head.call(randn(8, 16, 4, 4).relu(), randn(8, 4, 6)).detach();
        })]);

        var expected = 2 / (1 - (1 / Math.PI)) * (14 - (52.2 / 22)) / 22 * Math.Pow(1 - (1 / 16.0), 3);
        Assert.That(logits.mean().item<float>(), Is.EqualTo(-2).Within(0.15));
        Assert.That((logits + 2).square().mean().item<float>(), Is.EqualTo(expected).Within(20).Percent);
    }

    /// <summary>With filters that have a mean, pixels hardly differ for one seed in five, and hundreds of steps teach nothing.</summary>
    [TestCaseSource(nameof(Seeds))]
    public void Before_training_pixels_differ_whatever_the_seed(int seed)
    {
        manual_seed(seed);
        using var head = new SegmentationHead("head", featureChannels: 16, dimensions: 6, hiddenChannels: 16, MaskClasses.One);

        var logits = head.call(randn(1, 16, 32, 32).relu(), zeros(1, 1, 6)).detach();

        Assert.That(logits.std().item<float>(), Is.GreaterThan(0.2));
    }

    private static IEnumerable<int> Seeds() => Enumerable.Range(1, 20);

    [Test]
    public void Many_codes_at_once_give_what_concatenation_gives_one_by_one()
    {
        using var head = new SegmentationHead("head", featureChannels: 5, dimensions: 3, hiddenChannels: 4, MaskClasses.One);
        var features = randn(2, 5, 6, 7);
        var codes = randn(2, 4, 3);

        var logits = head.call(features, codes);

        for (var n = 0; n < 4; n++)
        {
            var tiled = codes.select(1, n).unsqueeze(-1).unsqueeze(-1).expand(-1, -1, 6, 7);
            Assert.That((logits.select(1, n) - Concatenated(head, cat([features, tiled], 1))).abs().max().item<float>(), Is.LessThan(1e-5));
        }
    }

    [Test]
    public void Sampling_one_by_one_gives_what_all_at_once_gives()
    {
        using var head = new SegmentationHead("head", featureChannels: 5, dimensions: 3, hiddenChannels: 4, MaskClasses.One);
        var features = randn(2, 5, 6, 7);
        var codes = randn(2, 4, 3);

        Assert.That((head.Infer(features, codes) - head.call(features, codes)).abs().max().item<float>(), Is.LessThan(1e-5));
    }

    private static IEnumerable<MaskClasses> Classes => [MaskClasses.One, new(["core", "rim", "cyst"]), new(["core", "rim"], overlap: true)];

    [TestCaseSource(nameof(Classes))]
    public void Bounds_and_their_gradients_are_those_of_every_code_s_logits(MaskClasses classes)
    {
        using var head = new SegmentationHead("head", featureChannels: 5, dimensions: 3, hiddenChannels: 4, classes);
        Tensor[] inputs = [randn(2, 5, 6, 7), randn(2, 2, 3), randn(2, 8, 3)];
        Array.ForEach(inputs, input => input.requires_grad_());
        Tensor[] cotangents = [randn([2, 2, classes.Count, 6, 7]), randn([2, 2, classes.Count, 6, 7])];
        Tensor[] trained = [.. inputs, .. head.parameters()];

        var (logits, bounds) = head.WithBounds(inputs[0], inputs[1], inputs[2]);
        var gradients = autograd.grad([logits, bounds], trained, cotangents);

        var everyCode = head.call(inputs[0], inputs[2]);
        Tensor[] plain = [head.call(inputs[0], inputs[1]), stack([everyCode.amax([1]), everyCode.amin([1])], 1)];
        var plainGradients = autograd.grad(plain, trained, cotangents);
        foreach (var (own, expected) in new[] { logits, bounds }.Concat(gradients).Zip(plain.Concat(plainGradients)))
        {
            Assert.That((own - expected).abs().max().item<float>(), Is.LessThan(4e-6 * Math.Max(1, expected.abs().max().item<float>())));
        }
    }

    [Test]
    public void Tensors_between_the_layers_keep_the_order_of_channels_last_features()
    {
        using var head = new SegmentationHead("head", featureChannels: 8, dimensions: 3, hiddenChannels: 8, MaskClasses.One);
        ChannelsLast.Apply(head);
        var inputs = new List<bool>();
        var convolutions = head.modules().OfType<ImageConvolution>().ToArray();
        foreach (var convolution in convolutions)
        {
            convolution.register_forward_hook((_, input, output) =>
            {
                inputs.Add(input.stride(1) == 1);
                return output;
            });
        }

        var features = randn(2, 6, 7, 8).permute(0, 3, 1, 2);
        head.call(features, randn(2, 2, 3));
        head.WithBounds(features, randn(2, 1, 3), randn(2, 4, 3));
        head.Infer(features, randn(2, 2, 3));

        Assert.That(inputs, Is.Not.Empty.And.All.True);
    }

    private static Tensor Concatenated(SegmentationHead head, Tensor input)
    {
        var parameters = head.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter);
        foreach (var layer in new[] { "layers.0", "layers.2", "layers.4" })
        {
            input = nn.functional.conv2d(input, parameters[$"{layer}.weight"], parameters[$"{layer}.bias"]).relu();
        }

        return nn.functional.conv2d(input, parameters["last_layer.weight"], parameters["last_layer.bias"]);
    }
}
