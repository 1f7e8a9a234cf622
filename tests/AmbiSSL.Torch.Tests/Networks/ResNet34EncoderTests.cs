using System.Globalization;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Models;
using AmbiSSL.Torch.Networks;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Networks;

public sealed class ResNet34EncoderTests : TorchFixture
{
    private string _path = null!;

    [SetUp]
    public void ChooseFile() => _path = Path.Combine(Path.GetTempPath(), $"ambissl-{Guid.NewGuid():N}.safetensors");

    [TearDown]
    public void DeleteFile() => File.Delete(_path);

    [Test]
    public void Levels_halve_down_to_the_stride()
    {
        using var encoder = new ResNet34Encoder(3);

        var pyramid = encoder.Encode(rand(1, 3, 64, 96));

        Assert.That(
            pyramid.Levels.Select(level => (level.shape[1], level.shape[2], level.shape[3])),
            Is.EqualTo(((long, long, long)[])[(64, 32, 48), (64, 16, 24), (128, 8, 12), (256, 4, 6), (512, 2, 3)]));
    }

    [Test]
    public void Pretrained_weights_are_taken_by_torchvisions_names_without_the_classifier()
    {
        using var trained = new ResNet34Encoder(3);
        Write(trained, weights => weights["fc.weight"] = rand(2, 2));

        using var encoder = (ResNet34Encoder)new ResNet34Backbone { PretrainedEncoderPath = _path }.CreateEncoder(3);

        var expected = trained.state_dict();
        Assert.That(encoder.state_dict().All(pair => pair.Value.eq(expected[pair.Key]).all().item<bool>()));
    }

    [Test]
    public void On_gray_images_the_first_convolution_starts_from_the_sum_over_colors()
    {
        using var trained = new ResNet34Encoder(3);
        Write(trained);

        using var encoder = (ResNet34Encoder)new ResNet34Backbone { PretrainedEncoderPath = _path }.CreateEncoder(1);

        var difference = encoder.state_dict()["conv1.weight"] - trained.state_dict()["conv1.weight"].sum(1, keepdim: true);
        Assert.That(difference.abs().max().item<float>(), Is.LessThan(1e-6));
    }

    [Test]
    public void What_does_not_fit_is_refused_with_names_and_shapes()
    {
        using (var trained = new ResNet34Encoder(3))
        {
            Write(trained, weights =>
            {
                weights.Remove("bn1.bias");
                weights["layer1.0.conv1.weight"] = rand(64, 64, 1, 1);
                weights["layer1.0.conv2.weight"] = weights["layer1.0.conv2.weight"].to(int32);
                weights["conv1.0.weight"] = rand(32, 3, 3, 3);
            });
        }

        Assert.That(
            () => new ResNet34Backbone { PretrainedEncoderPath = _path }.CreateEncoder(3),
            Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo(
                $"{_path} does not fit resnet34's encoder: 1 missing (bn1.bias); 2 of another shape or type (layer1.0.conv1.weight [64, 64, 1, 1] of "
                + "Float32 and not [64, 64, 3, 3], layer1.0.conv2.weight [64, 64, 3, 3] of Int32 and not [64, 64, 3, 3]); 1 without a place "
                + "(conv1.0.weight [32, 3, 3, 3]). Give the weights of torchvision's or timm's resnet34 under their own names."));
    }

    [Test]
    public void Files_of_torch_save_are_refused_with_how_to_convert_them()
    {
        File.WriteAllBytes(_path, [.. "PK\u0003\u0004 and so on"u8]);

        Assert.That(
            () => new ResNet34Backbone { PretrainedEncoderPath = _path }.CreateEncoder(3),
            Throws.InstanceOf<InvalidDataException>().With.Message.StartsWith($"{_path} is a file of torch.save, which can hold code and is not read; write"));
    }

    [TestCase(3, "180 of 180 weights of the encoder are taken from {0}; left out: fc.bias, fc.weight.")]
    [TestCase(1, "180 of 180 weights of the encoder are taken from {0}, conv1.weight as the sum over 3 colors for 1 channels; left out: fc.bias, fc.weight.")]
    public void What_matches_is_told(int channels, string expected)
    {
        using (var trained = new ResNet34Encoder(3))
        {
            Write(trained, weights => (weights["fc.weight"], weights["fc.bias"]) = (rand(1000, 512), rand(1000)));
        }

        var told = PretrainedEncoder.Describe(new SupervisedOptions { Backbone = new ResNet34Backbone { PretrainedEncoderPath = _path } }, channels);

        Assert.That(told, Is.EqualTo(string.Format(CultureInfo.InvariantCulture, expected, _path)));
    }

    private void Write(ResNet34Encoder encoder, Action<Dictionary<string, Tensor>>? change = null)
    {
        var weights = new Dictionary<string, Tensor>(encoder.state_dict());
        change?.Invoke(weights);

        using var stream = File.Create(_path);
        Safetensors.Write(stream, weights, new Dictionary<string, string>());
    }
}
