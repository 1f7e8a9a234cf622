using AmbiSSL.Torch.Networks;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Networks;

public sealed class ImageConvolutionTests : TorchFixture
{
    [TestCase(3, 1, true)]
    [TestCase(7, 2, false)]
    [TestCase(1, 2, true)]
    public void It_starts_and_computes_as_libtorchs_own(int size, int stride, bool bias)
    {
        random.manual_seed(3);
        using var own = new ImageConvolution(4, 5, size, stride, bias);
        random.manual_seed(3);
        using var libtorchs = nn.Conv2d(4, 5, size, stride: stride, padding: size / 2, bias: bias);
        var images = randn(2, 4, 9, 8);

        Assert.That(own.state_dict().Keys, Is.EqualTo(libtorchs.state_dict().Keys));
        Assert.That(own.Weight.equal(libtorchs.weight!).all().item<bool>());
        Assert.That(own.call(images).equal(libtorchs.call(images)).all().item<bool>());
    }

    [Test]
    public void In_bfloat16_it_gives_the_result_of_rounded_input_and_weights()
    {
        using var convolution = new ImageConvolution(16, 8, 3);
        var images = randn(2, 16, 9, 8);
        ImageConvolution.Prepare(convolution, Precision.BFloat16);

        var result = convolution.call(images);

        static Tensor Rounded(Tensor values) => values.bfloat16().to(ScalarType.Float32);
        var expected = nn.functional.conv2d(Rounded(images), Rounded(convolution.Weight), Rounded(convolution.Bias!), [1, 1], [1, 1]);
        Assert.That(result.dtype, Is.EqualTo(ScalarType.BFloat16));
        Assert.That((result - expected).abs().max().item<float>(), Is.LessThan(1f / 256 * expected.abs().max().item<float>()));
    }

    [Test]
    public void In_bfloat16_weights_and_gradients_stay_in_float32()
    {
        using var convolution = new ImageConvolution(4, 5, 3);
        ImageConvolution.Prepare(convolution, Precision.BFloat16);

        convolution.call(randn(2, 4, 9, 8)).sum().backward();

        foreach (var parameter in convolution.parameters())
        {
            Assert.That(parameter.dtype, Is.EqualTo(ScalarType.Float32));
            Assert.That(parameter.grad!.dtype, Is.EqualTo(ScalarType.Float32));
        }
    }

    [Test]
    public void In_bfloat16_evaluation_sees_the_weights_as_training_left_them()
    {
        using var convolution = new ImageConvolution(4, 5, 3, bias: false);
        ImageConvolution.Prepare(convolution, Precision.BFloat16);
        using var gradients = no_grad();
        var images = randn(2, 4, 9, 8);
        convolution.eval();
        var before = convolution.call(images);

        convolution.train();
        convolution.Weight.mul_(2);
        convolution.eval();

        Assert.That(convolution.call(images).equal(before * 2).all().item<bool>());
    }

    [Test]
    public void Weights_rounded_for_evaluation_are_freed_with_the_convolution()
    {
        using var gradients = no_grad();
        var images = randn(2, 4, 9, 8);
        var convolution = new ImageConvolution(4, 5, 3);
        ImageConvolution.Prepare(convolution, Precision.BFloat16);
        convolution.eval();
        convolution.call(images).Dispose();
        var before = Tensor.TotalCount;

        convolution.Dispose();

        Assert.That(Tensor.TotalCount, Is.EqualTo(before - 3));
    }

    [Test]
    public void Input_that_lacks_the_last_channels_counts_as_zero_there()
    {
        using var convolution = new ImageConvolution(4, 5, 3);
        var images = randn(2, 3, 9, 8);

        var expected = convolution.call(cat([images, zeros(2, 1, 9, 8)], 1));

        Assert.That((convolution.OfFirstChannels(images) - expected).abs().max().item<float>(), Is.LessThan(1e-6));
    }
}
