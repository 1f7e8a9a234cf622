using AmbiSSL.MLNet.Tests.Support;
using Microsoft.ML;

namespace AmbiSSL.MLNet.Tests;

public sealed class OnnxConversionTests
{
    [Test]
    public void ConvertToOnnx_IsRefusedAndWritesNothing()
    {
        using var stream = new MemoryStream();

        Assert.That(
            () => TinyData.Context().Model.ConvertToOnnx(TinyData.Shared, TinyData.View(), stream),
            Throws.TypeOf<NotSupportedException>().With.Message.StartsWith("ConvertToOnnx cannot convert a segmentation model that samples masks")
                .And.Message.Contains("ExportOnnx"));
        Assert.That(stream.Length, Is.Zero);
    }

    [Test]
    public void ConvertToOnnx_IsRefusedInAChainToo()
    {
        var copy = TinyData.Context().Transforms.CopyColumns("Mean", "Probability").Fit(TinyData.Shared.Transform(TinyData.View()));
        using var stream = new MemoryStream();

        Assert.That(
            () => TinyData.Context().Model.ConvertToOnnx(TinyData.Shared.Append(copy), TinyData.View(), stream),
            Throws.TypeOf<NotSupportedException>());
        Assert.That(stream.Length, Is.Zero);
    }
}
