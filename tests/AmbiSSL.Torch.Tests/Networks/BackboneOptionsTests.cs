using System.Text.Json;
using AmbiSSL.Torch.Networks;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Networks;

public sealed class BackboneOptionsTests
{
    private static readonly BackboneOptions[] Backbones = [new UNetBackbone(), new ResNet34Backbone()];

    [TestCase(FeatureNormalization.Batch, 16, null)]
    [TestCase(FeatureNormalization.Group, 16, 2)]
    [TestCase(FeatureNormalization.Group, 12, 2)]
    [TestCase(FeatureNormalization.Group, 7, 1)]
    [TestCase(FeatureNormalization.Group, 11, 11)]
    [TestCase(FeatureNormalization.Instance, 16, 16)]
    public void A_group_has_as_many_channels_as_eight_or_fewer_divide_them(FeatureNormalization over, int channels, int? groups) =>
        Assert.That(NormalizationGroups.Of(over, channels), Is.EqualTo(groups));

    [Test]
    public void A_normalization_where_there_is_none_is_refused() => Assert.That(
        new UNetBackbone { BatchNormalization = false, Normalization = FeatureNormalization.Group }.Validate,
        Throws.ArgumentException.With.Message.EqualTo(
            "Option Normalization is Group; it must be left out where BatchNormalization is false. (Parameter 'Normalization')"));

    [TestCaseSource(nameof(Backbones))]
    public void What_follows_from_other_options_is_not_stored(BackboneOptions backbone)
    {
        var members = JsonSerializer.SerializeToElement(backbone).EnumerateObject().Select(member => member.Name);

        Assert.That(members, Has.None.EqualTo(nameof(BackboneOptions.Stride)).And.None.EqualTo(nameof(BackboneOptions.DecoderBlocks)));
    }
}
