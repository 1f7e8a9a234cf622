using System.Text.Json;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Networks;

public sealed class BackboneOptionsTests
{
    private static readonly BackboneOptions[] Backbones = [new UNetBackbone(), new ResNet34Backbone()];

    [Test]
    public void A_normalization_where_there_is_none_is_refused() => Assert.That(
        new UNetBackbone { BatchNormalization = false, Normalization = FeatureNormalization.Instance }.Validate,
        Throws.ArgumentException.With.Message.EqualTo(
            "Option Normalization is Instance; it must be left out where BatchNormalization is false. (Parameter 'Normalization')"));

    [TestCaseSource(nameof(Backbones))]
    public void What_follows_from_other_options_is_not_stored(BackboneOptions backbone)
    {
        var members = JsonSerializer.SerializeToElement(backbone).EnumerateObject().Select(member => member.Name);

        Assert.That(members, Has.None.EqualTo(nameof(BackboneOptions.Stride)).And.None.EqualTo(nameof(BackboneOptions.DecoderBlocks)));
    }
}
