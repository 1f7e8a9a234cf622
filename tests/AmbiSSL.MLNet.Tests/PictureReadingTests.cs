using AmbiSSL.MLNet.Columns;
using AmbiSSL.MLNet.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Tests;

public sealed class PictureReadingTests
{
    // Two pixels, (red, green, blue) = (10, 20, 30) and (255, 0, 0).
    private static readonly byte[] Bgra = [30, 20, 10, 255, 0, 0, 255, 255];
    private static readonly byte[] Rgba = [10, 20, 30, 255, 255, 0, 0, 255];

    [Test]
    public void Colors_AreInRedGreenBlueOrder() => Assert.That(
        Read(MLPixelFormat.Bgra32, Bgra, channels: 3), Is.EqualTo((float[])[10 / 255f, 1, 20 / 255f, 0, 30 / 255f, 0]));

    [Test]
    public void PixelFormat_IsMinded() => Assert.That(
        Read(MLPixelFormat.Rgba32, Rgba, channels: 3), Is.EqualTo(Read(MLPixelFormat.Bgra32, Bgra, channels: 3)));

    [Test]
    public void OneChannel_IsTheLuminanceInWholeNumbers() => Assert.That(
        Read(MLPixelFormat.Rgba32, Rgba, channels: 1), Is.EqualTo((float[])[18 / 255f, 76 / 255f]));

    [Test]
    public void GrayPixels_KeepTheirValue([Values(0, 1, 127, 254, 255)] byte value) => Assert.That(
        Read(MLPixelFormat.Rgba32, [value, value, value, 255, 0, 0, 0, 255], channels: 1)[0], Is.EqualTo(value / 255f));

    private static float[] Read(MLPixelFormat format, byte[] pixels, int channels)
    {
        using var image = MLImage.CreateFromPixels(2, 1, format, pixels);
        ValueGetter<MLImage?> getter = (ref MLImage? value) => value = image;
        var reader = new MLImageReader(TinyData.Context(), Column(), channels, getter);
        return reader.Read(0).ToFloats();
    }

    private static DataViewSchema.Column Column() => TinyData.Pictures([]).Schema["Image"];
}
