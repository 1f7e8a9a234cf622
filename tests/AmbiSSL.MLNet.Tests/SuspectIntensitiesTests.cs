using AmbiSSL.MLNet.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Tests;

public sealed class SuspectIntensitiesTests
{
    [Test]
    public void ValuesAbove1_AreWarnedOf() => Assert.That(
        Warnings(value => 4 * value),
        Is.EqualTo((string[])[
            "Column 'Image': values go from 0 to 4, first outside 0 to 1 in row 0. Networks expect about 0 to 1: scale the images before this step, and "
            + "all that the model will see in the same way, such as with ExtractPixels(..., scaleImage: 1 / 255f)."]));

    [Test]
    public void ValuesBelow0_AreWarnedOf() =>
        Assert.That(Warnings(value => value - 0.5f), Has.Exactly(1).StartsWith("Column 'Image': values go from -0.5 to 0.5, first outside 0 to 1 in row 0."));

    [Test]
    public void ImagesFrom0To1_AreNotWarnedOf() => Assert.That(Warnings(value => value), Is.Empty);

    private static List<string> Warnings(Func<float, float> scale)
    {
        var context = new MLContext(seed: 1);
        List<string> warnings = [];
        context.Log += (_, message) =>
        {
            if (message.Kind == ChannelMessageKind.Warning)
            {
                warnings.Add(message.RawMessage);
            }
        };
        var rows = TinyData.Rows().Select(row => new VectorRow { Image = Array.ConvertAll(Stretched(row.Image), value => scale(value)), Annotations = row.Annotations });
        using var model = context.Transforms.AmbiSSL(TinyData.Options).Fit(context.Data.LoadFromEnumerable(rows));
        return warnings;
    }

    // From 0 to 1, both reached.
    private static float[] Stretched(float[] image)
    {
        var (low, high) = (image.Min(), image.Max());
        return Array.ConvertAll(image, value => (value - low) / (high - low));
    }
}
