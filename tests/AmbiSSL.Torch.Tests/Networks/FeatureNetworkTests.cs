using AmbiSSL.Torch.Networks;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Networks;

public sealed class FeatureNetworkTests : TorchFixture
{
    [Test]
    public void The_encoder_has_the_first_weights_that_a_seed_gives()
    {
        var backbone = new UNetBackbone { Filters = [4, 8] };
        random.manual_seed(7);
        var alone = backbone.CreateEncoder(2);
        random.manual_seed(7);
        var network = new FeatureNetwork(backbone, channels: 2);

        float[] Weights(FeatureEncoder encoder) => [.. encoder.parameters().SelectMany(parameter => parameter.data<float>().ToArray())];
        Assert.That(Weights(network.Encoder), Is.EqualTo(Weights(alone)));
    }
}
