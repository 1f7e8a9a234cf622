using System.Text.Json;
using AmbiSSL.Torch.Inference;
using AmbiSSL.Torch.Methods;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Methods;

public sealed class PixelNoiseTests : TorchFixture
{
    private const int Side = 128;
    private const int Samples = 64;

    private static IEnumerable<TestCaseData> Cases => OracleFolder.Read("stochastic_segmentation.json").GetProperty("pixels").EnumerateArray()
        .Select(entry => new TestCaseData(entry).SetArgDisplayNames(entry.GetProperty("name").GetString()!));

    [TestCaseSource(nameof(Cases))]
    public void It_equals_whole_numbers_of_any_size(JsonElement entry)
    {
        var shape = OracleFolder.ReadTensor(entry.GetProperty("noise")).Shape;

        var noise = PixelNoise.Of(entry.Tensor("key", ScalarType.Float32), shape[2], shape[3]);

        TorchOracle.AssertClose(noise, entry.GetProperty("noise"), 2e-6, "noise");
    }

    [Test]
    public void Of_keys_that_are_spread_evenly_it_is_standard_normal()
    {
        var noise = Noise().flatten();

        var sorted = noise.sort().Values.to(ScalarType.Float64);
        var expected = (special.erf(sorted / Math.Sqrt(2)) + 1) / 2;
        var steps = (arange(sorted.numel(), ScalarType.Float64) + 0.5) / sorted.numel();
        Assert.That((expected - steps).abs().max().item<double>(), Is.LessThan(1.95 / Math.Sqrt(sorted.numel())), "Kolmogorov and Smirnov, 0.1 %");
    }

    [Test]
    public void Neither_pixels_nor_samples_are_tied_to_each_other()
    {
        var noise = Noise();
        Tensor[] products =
        [
            noise[.., 1..] * noise[.., ..^1],
            noise[.., .., 1..] * noise[.., .., ..^1],
            noise[.., Side / 2] * noise[.., 0],
            noise[1..] * noise[..^1],
            (noise[.., 1..].square() - 1) * (noise[.., ..^1].square() - 1) / 2,
            (noise[1..].square() - 1) * (noise[..^1].square() - 1) / 2,
        ];

        // Each mean is about normal with a variance of one over the number of products.
        foreach (var product in products)
        {
            Assert.That(Math.Abs(product.mean().item<float>()), Is.LessThan(4 / Math.Sqrt(product.numel())));
        }
    }

    /// <summary>[N, H, W], for keys as an image's are drawn.</summary>
    private static Tensor Noise()
    {
        var keys = new SampleNoise([0.5f], seed: 3).Draw(Samples, PixelNoise.KeyLength, CodeSampling.QuasiRandom);
        return PixelNoise.Of(keys.unsqueeze(0), Side, Side)[0];
    }
}
