using System.Text.Json;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Networks;

public sealed class BackboneOptionsTests
{
    private static readonly BackboneOptions[] Backbones = [new UNetBackbone(), new ResNet34Backbone()];

    [TestCaseSource(nameof(Backbones))]
    public void What_follows_from_other_options_is_not_stored(BackboneOptions backbone)
    {
        var members = JsonSerializer.SerializeToElement(backbone).EnumerateObject().Select(member => member.Name);

        Assert.That(members, Has.None.EqualTo(nameof(BackboneOptions.Stride)).And.None.EqualTo(nameof(BackboneOptions.DecoderBlocks)));
    }
}
