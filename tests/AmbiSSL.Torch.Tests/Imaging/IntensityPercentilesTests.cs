using AmbiSSL.Torch.Imaging;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Imaging;

internal sealed class IntensityPercentilesTests
{
    private static readonly ImageShape Shape = new(1, 16, 16);
    private static readonly (double Low, double High)[] Asked = [(0, 100), (0.5, 99.5), (1, 50), (33.3, 66.6), (49.9, 50.1)];

    [TestCase(PixelType.UInt8)]
    [TestCase(PixelType.UInt16)]
    [TestCase(PixelType.Float32)]
    public void Percentiles_are_those_of_a_plain_sort(PixelType type)
    {
        var random = new Random(5);
        ImagePixels[] images = [.. Enumerable.Range(0, 5).Select(_ => Image(type, random))];
        using var cache = Cache(type, images, long.MaxValue);
        using var onDisk = Cache(type, images, 0);
        float[] sorted = [.. images.SelectMany(Values).Order()];

        foreach (var (low, high) in Asked)
        {
            var expected = (Percentile(sorted, low), Percentile(sorted, high));
            Assert.That(IntensityPercentiles.Of(cache, low, high), Is.EqualTo(expected));
            Assert.That(IntensityPercentiles.Of(onDisk, low, high), Is.EqualTo(expected));
        }
    }

    [Test]
    public void Between_two_ranks_they_are_interpolated()
    {
        // 0 to 255: the median lies between 127 and 128, the percentile 0.5 at 1.275.
        using var cache = Cache(PixelType.UInt8, [new ImagePixels(Shape, [.. Enumerable.Range(0, 256).Select(value => (byte)(255 - value))])], long.MaxValue);

        var (low, high) = IntensityPercentiles.Of(cache, 0.5, 50);

        Assert.That(low, Is.EqualTo(1.275).Within(1e-12));
        Assert.That(high, Is.EqualTo(127.5));
    }

    private static ImagePixels Image(PixelType type, Random random) => type switch
    {
        PixelType.UInt8 => new ImagePixels(Shape, [.. Enumerable.Range(0, 256).Select(_ => (byte)random.Next(256))]),
        PixelType.UInt16 => new ImagePixels(Shape, [.. Enumerable.Range(0, 256).Select(_ => (ushort)random.Next(4096))]),
        _ => new ImagePixels(Shape, [.. Enumerable.Range(0, 256).Select(i => i == 0 ? -0f : (random.NextSingle() - 0.4f) * MathF.Pow(10, random.Next(-3, 5)))]),
    };

    private static IEnumerable<float> Values(ImagePixels image) => image.Type switch
    {
        PixelType.UInt8 => image.Values<byte>().ToArray().Select(value => (float)value),
        PixelType.UInt16 => image.Values<ushort>().ToArray().Select(value => (float)value),
        _ => image.Values<float>().ToArray(),
    };

    private static ImageCache Cache(PixelType type, ImagePixels[] images, long limitBytes)
    {
        var cache = new ImageCache(new ImageFormat(Shape, type, Preprocessing.None), limitBytes);
        Array.ForEach(images, image => cache.Add(image, new MaskSet(Shape.Size, [])));
        return cache;
    }

    private static double Percentile(float[] sorted, double percentile)
    {
        var rank = percentile / 100 * (sorted.Length - 1);
        double below = sorted[(int)Math.Floor(rank)], above = sorted[(int)Math.Ceiling(rank)];
        return below + ((above - below) * (rank - Math.Floor(rank)));
    }
}
