using AmbiSSL.Torch.Foundation;
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
        Write(trained, extra: "fc.weight");

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
    public void A_file_without_a_weight_is_refused()
    {
        using (var stream = File.Create(_path))
        {
            Safetensors.Write(stream, new Dictionary<string, Tensor> { ["conv1.weight"] = rand(64, 3, 7, 7) }, new Dictionary<string, string>());
        }

        Assert.That(
            () => new ResNet34Backbone { PretrainedEncoderPath = _path }.CreateEncoder(3),
            Throws.InstanceOf<InvalidDataException>().With.Message.Contains("has no weight 'bn1."));
    }

    private void Write(ResNet34Encoder encoder, string? extra = null)
    {
        var weights = new Dictionary<string, Tensor>(encoder.state_dict());
        if (extra is not null)
        {
            weights[extra] = rand(2, 2);
        }

        using var stream = File.Create(_path);
        Safetensors.Write(stream, weights, new Dictionary<string, string>());
    }
}
