using AmbiSSL.Torch.Foundation;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Foundation;

public sealed class ImageNormalizationTests : TorchFixture
{
    [Test]
    public void It_learns_and_computes_as_TorchSharps_own()
    {
        using var own = new ImageNormalization(4);
        using var theirs = nn.BatchNorm2d(4);
        Tensor[] batches = [randn(2, 4, 5, 6), randn(3, 4, 6, 5)];

        Assert.That(own.state_dict().Keys, Is.EqualTo(theirs.state_dict().Keys));
        Assert.That(batches.Select(batch => Values(own.call(batch))), Is.EqualTo(batches.Select(batch => Values(theirs.call(batch)))));
        own.call(batches[0]).square().sum().backward();
        theirs.call(batches[0]).square().sum().backward();
        Assert.That(own.parameters().Select(weight => Values(weight.grad!)), Is.EqualTo(theirs.parameters().Select(weight => Values(weight.grad!))));
        own.eval();
        theirs.eval();
        Assert.That(Values(own.call(batches[1])), Is.EqualTo(Values(theirs.call(batches[1]))));
        Assert.That(WithoutCounter(own), Is.EqualTo(WithoutCounter(theirs)));
    }

    [Test]
    public void Channels_of_an_image_are_normalized_scaled_and_shifted()
    {
        using var own = new ImageNormalization(4, ofEachImage: true);
        using var gradients = no_grad();
        var (scale, shift) = (tensor(new[] { 1f, 2, 3, 4 }), tensor(new[] { 5f, 6, 7, 8 }));
        own.Scale.copy_(scale);
        own.Shift.copy_(shift);
        var images = randn(3, 4, 5, 6);
        var channels = images.flatten(2);
        var normal = (channels - channels.mean([2], keepdim: true)) / (channels.var(2, unbiased: false, keepdim: true) + 1e-5).sqrt();
        var expected = (normal.view(3, 4, 5, 6) * scale.view(4, 1, 1)) + shift.view(4, 1, 1);

        var (training, alone) = (own.call(images), own.call(images.narrow(0, 1, 1))[0]);
        own.eval();

        Assert.That((training - expected).abs().max().item<float>(), Is.LessThan(1e-5));
        Assert.That((training[1] - alone).abs().max().item<float>(), Is.LessThan(1e-5), "alone as among others");
        Assert.That(Values(own.call(images)), Is.EqualTo(Values(training)), "scoring is what training is");
        Assert.That(own.state_dict().Keys, Is.EqualTo((string[])["weight", "bias"]));
    }

    [Test]
    public void Rounded_images_are_normalized_in_full()
    {
        using var own = new ImageNormalization(4, ofEachImage: true);
        var images = randn(3, 4, 5, 6).bfloat16();

        var normalized = own.call(images);

        Assert.That(normalized.dtype, Is.EqualTo(ScalarType.BFloat16));
        Assert.That(normalized.equal(own.call(images.to(ScalarType.Float32)).bfloat16()).all().item<bool>());
    }

    [Test]
    public void What_is_not_images_is_refused()
    {
        using var normalization = new ImageNormalization(4);

        Assert.That(() => normalization.call(randn(4, 5)), Throws.ArgumentException);
    }

    private static IEnumerable<byte[]> WithoutCounter(nn.Module module) =>
        module.state_dict().Where(named => named.Key != "num_batches_tracked").Select(named => Values(named.Value));

    private static byte[] Values(Tensor tensor) => tensor.detach().bytes.ToArray();
}
