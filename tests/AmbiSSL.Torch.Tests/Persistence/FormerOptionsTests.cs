using System.Text.Json;
using AmbiSSL.Torch.Methods;
using AmbiSSL.Torch.Persistence;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Persistence;

public sealed class FormerOptionsTests
{
    [Test]
    public void Options_that_a_file_lacks_are_what_was_done_before_they_existed()
    {
        var members = JsonSerializer.SerializeToNode<SegmentationOptions>(new AmbiSSLOptions())!.AsObject();
        foreach (var name in new[] { "EnergyWeight", "SampleScale", "PseudoLabelStatistics", "UnlabeledCode" })
        {
            Assert.That(members.Remove(name), name);
        }

        foreach (var name in new[] { "StrongLabeled", "CutMixProbability", "CutMixLabeled" })
        {
            Assert.That(members["Augmentation"]!.AsObject().Remove(name), name);
        }

        var read = (AmbiSSLOptions)Read(members.ToJsonString());

        Assert.That(read.EnergyWeight, Is.Zero);
        Assert.That((read.SampleScale, read.PseudoLabelStatistics, read.UnlabeledCode), Is.EqualTo((1.0, PseudoLabelStatistics.Running, UnlabeledCode.Posterior)));
        Assert.That(
            (read.Augmentation.StrongLabeled, read.Augmentation.CutMixProbability, read.Augmentation.CutMixLabeled), Is.EqualTo((false, 0.0, false)));
    }

    [Test]
    public void Options_that_a_file_has_stay_as_they_are()
    {
        var written = new AmbiSSLOptions { SampleScale = 1.5 };

        Assert.That(JsonSerializer.Serialize(Read(JsonSerializer.Serialize<SegmentationOptions>(written))),
            Is.EqualTo(JsonSerializer.Serialize<SegmentationOptions>(written)));
    }

    private static SegmentationOptions Read(string options) => JsonSerializer.Deserialize<SegmentationOptions>(FormerOptions.Complete(options))!;
}
