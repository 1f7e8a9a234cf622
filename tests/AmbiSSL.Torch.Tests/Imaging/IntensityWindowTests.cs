using AmbiSSL.Torch.Imaging;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Imaging;

internal sealed class IntensityWindowTests
{
    private static readonly ImageShape Shape = new(1, 2, 3);

    [Test]
    public void Values_are_clipped_and_go_evenly_from_0_to_1()
    {
        float[] values = [-1001, -1000, -650, 50, 400, 3071];

        new IntensityWindow(-1000, 400).Apply(values);

        Assert.That(values, Is.EqualTo((float[])[0, 0, 0.25f, 0.75f, 1, 1]));
    }

    [Test]
    public void The_window_of_the_whole_type_gives_the_bits_that_no_window_gives()
    {
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        ushort[] words = [.. Enumerable.Range(0, 65536).Select(value => (ushort)value)];
        var (small, large) = (new ImagePixels(new ImageShape(1, 16, 16), bytes), new ImagePixels(new ImageShape(1, 256, 256), words));

        Assert.That(Input(small, new IntensityWindow(0, 255)), Is.EqualTo(small.ToFloats()));
        Assert.That(Input(large, new IntensityWindow(0, 65535)), Is.EqualTo(large.ToFloats()));
    }

    [Test]
    public void Each_type_is_read_in_the_values_that_were_stored()
    {
        var window = new IntensityWindow(50, 250);

        Assert.Multiple(() =>
        {
            Assert.That(Input(new ImagePixels(Shape, (byte[])[0, 50, 100, 150, 250, 255]), window), Is.EqualTo((float[])[0, 0, 0.25f, 0.5f, 1, 1]));
            Assert.That(Input(new ImagePixels(Shape, (ushort[])[0, 50, 100, 150, 250, 4095]), window), Is.EqualTo((float[])[0, 0, 0.25f, 0.5f, 1, 1]));
            Assert.That(Input(new ImagePixels(Shape, (float[])[-9, 50, 100, 150, 250, 1e6f]), window), Is.EqualTo((float[])[0, 0, 0.25f, 0.5f, 1, 1]));

            // As resizing leaves 16 bits.
            var resized = new ImagePixels(Shape, (float[])[0, 50 / 65535f, 100 / 65535f, 150 / 65535f, 250 / 65535f, 1]);
            Assert.That(Input(resized, window, PixelType.UInt16), Is.EqualTo((float[])[0, 0, 0.25f, 0.5f, 1, 1]).Within(1e-6));
        });
    }

    [TestCase("0,255", 0, 255, false)]
    [TestCase("-1000,400", -1000, 400, false)]
    [TestCase(" -0.5 , 1e3 ", -0.5, 1000, false)]
    [TestCase("p0.5,p99.5", 0.5, 99.5, true)]
    [TestCase("p0, p100", 0, 100, true)]
    public void A_text_is_read_and_written(string text, double low, double high, bool ofPercentiles)
    {
        var window = IntensityWindow.Parse(text);

        Assert.That(window, Is.EqualTo(new IntensityWindow(low, high) { OfPercentiles = ofPercentiles }));
        Assert.That(IntensityWindow.Parse(window.ToString()), Is.EqualTo(window));
    }

    [TestCase("0")]
    [TestCase("0;255")]
    [TestCase("0,25,5")]
    [TestCase("0,5,99,5")]
    [TestCase("p1,99")]
    [TestCase("1%,99%")]
    [TestCase("low,high")]
    public void Another_text_is_refused(string text) => Assert.That(
        () => IntensityWindow.Parse(text),
        Throws.ArgumentException.With.Message.StartsWith(
            $"'{text}' is no intensity window; write two numbers such as 0,4095 or -1000,400, or two percentiles such as p0.5,p99.5."));

    [TestCase("255,0", "Option IntensityWindow is 255,0; it must be two finite numbers, the second above the first.")]
    [TestCase("7,7", "Option IntensityWindow is 7,7; it must be two finite numbers, the second above the first.")]
    [TestCase("0,NaN", "Option IntensityWindow is 0,NaN; it must be two finite numbers, the second above the first.")]
    [TestCase("0,1e39", "Option IntensityWindow is 0,1E+39; it must be two finite numbers, the second above the first.")]
    [TestCase("p-1,p50", "Option IntensityWindow is p-1,p50; it must be two percentiles from 0 to 100.")]
    [TestCase("p1,p101", "Option IntensityWindow is p1,p101; it must be two percentiles from 0 to 100.")]
    public void Numbers_that_are_no_window_are_refused(string text, string message) =>
        Assert.That(() => IntensityWindow.Parse(text), Throws.ArgumentException.With.Message.StartsWith(message));

    [TestCase(PixelType.UInt8, 0, 255, null)]
    [TestCase(PixelType.UInt8, 0, 0, null)]
    [TestCase(PixelType.UInt16, 0, 65535, null)]
    [TestCase(PixelType.UInt16, 0, 4095, "0,4095")]
    [TestCase(PixelType.UInt16, 12, 3800, "0,4095")]
    [TestCase(PixelType.UInt16, 0, 1023, "0,1023")]
    [TestCase(PixelType.UInt16, 0, 255, "0,255")]
    [TestCase(PixelType.UInt8, 0, 3, "0,3")]
    [TestCase(PixelType.Float32, 0, 1, null)]
    [TestCase(PixelType.Float32, -0.5f, 0.5f, "-0.5,0.5")]
    [TestCase(PixelType.Float32, -0.9f, 1, "-1,1")]
    [TestCase(PixelType.Float32, 0, 255, "0,255")]
    [TestCase(PixelType.Float32, 30, 201.5f, "0,255")]
    [TestCase(PixelType.Float32, 0, 4071, "0,4095")]
    [TestCase(PixelType.Float32, 0, 3.5f, "p0.5,p99.5")]
    [TestCase(PixelType.Float32, -1024, 3071, "p0.5,p99.5")]
    [TestCase(PixelType.Float32, 0, 1e6f, "p0.5,p99.5")]
    public void A_window_is_proposed_where_one_is_needed(PixelType type, float low, float high, string? expected) =>
        Assert.That(IntensityWindow.Suggest(type, new IntensityRange(low, high))?.ToString(), Is.EqualTo(expected));

    private static float[] Input(ImagePixels image, IntensityWindow window, PixelType? source = null)
    {
        var input = new float[image.Shape.Length];
        new IntensityScale(0, 1, window).ToInput(image.Type, source ?? image.Type, image.Bytes, input);
        return input;
    }
}
