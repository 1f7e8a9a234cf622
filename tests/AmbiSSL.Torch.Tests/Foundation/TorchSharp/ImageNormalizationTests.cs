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
    public void What_is_not_images_is_refused()
    {
        using var normalization = new ImageNormalization(4);

        Assert.That(() => normalization.call(randn(4, 5)), Throws.ArgumentException);
    }

    private static IEnumerable<byte[]> WithoutCounter(nn.Module module) =>
        module.state_dict().Where(named => named.Key != "num_batches_tracked").Select(named => Values(named.Value));

    private static byte[] Values(Tensor tensor) => tensor.detach().bytes.ToArray();
}
