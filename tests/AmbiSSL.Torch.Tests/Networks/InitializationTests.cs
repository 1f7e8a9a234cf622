using AmbiSSL.Torch.Networks;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Networks;

public sealed class InitializationTests : TorchFixture
{
    private const int Channels = 32;

    [Test]
    public void Filters_have_no_mean_and_biases_are_zero()
    {
        using var layer = new ImageConvolution(Channels, Channels, 3);
        Initialization.Apply(layer);

        Assert.That(layer.Weight.mean([1, 2, 3]).abs().max().item<float>(), Is.LessThan(1e-6));
        Assert.That(layer.Bias!.abs().max().item<float>(), Is.Zero);
    }

    [Test]
    public void Only_a_first_layer_that_sees_images_answers_to_their_mean()
    {
        using var block = new ConvolutionBlock("block", inputChannels: 1, Channels, convolutions: 2, pools: false, normalizes: false);
        Initialization.Apply(block, seesImages: true);
        var means = block.parameters().Where(parameter => parameter.dim() == 4).Select(weight => weight.mean([1, 2, 3]).abs().max().item<float>()).ToArray();

        Assert.That(means[0], Is.GreaterThan(0.05));
        Assert.That(means[1], Is.LessThan(1e-6));
    }

    /// <summary>
    /// What a rectifier lets through has a mean, to which plain normal filters answer with a number that is the same at every pixel: after fifteen of
    /// them only a thousandth of the variance is left between pixels. 1x1 convolutions on independent pixels, so that these are the samples.
    /// </summary>
    [Test]
    public void After_fifteen_layers_pixels_differ_as_much_as_after_one()
    {
        var x = randn(1, Channels, 40, 40).relu();
        for (var layer = 0; layer < 15; layer++)
        {
            using var convolution = new ImageConvolution(Channels, Channels, 1);
            Initialization.Apply(convolution);
            x = convolution.call(x).detach().relu();
        }

        // By chance alone a layer of 32 channels scatters the variance by about a quarter of itself.
        Assert.That(x.flatten(2).var(2).mean().item<float>(), Is.InRange(0.341 / 30, 0.341 * 10));
    }
}
