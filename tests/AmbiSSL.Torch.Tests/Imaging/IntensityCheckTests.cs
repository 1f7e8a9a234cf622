using AmbiSSL.Torch.Imaging;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Imaging;

/// <summary>What becomes of images of every type and range that meet models of every type, range and window.</summary>
internal sealed class IntensityCheckTests
{
    private const PixelType Byte = PixelType.UInt8;
    private const PixelType Word = PixelType.UInt16;
    private const PixelType Float = PixelType.Float32;

    private const string Taken = "taken";
    private const string Doubted = "doubted";
    private const string Type = "refused for its type";
    private const string Range = "refused for its range";

    [TestCase(Byte, 0, 255, null, true)]
    [TestCase(Byte, 0, 0, null, true)]
    [TestCase(Byte, 17, 17, null, true)]
    [TestCase(Byte, 0, 15, null, false)]
    [TestCase(Byte, 0, 15, "0,15", true)]
    [TestCase(Byte, 0, 15, "0,255", true)]
    [TestCase(Byte, 40, 200, "0,40", false)]
    [TestCase(Word, 0, 65535, null, true)]
    [TestCase(Word, 0, 8191, null, true)]
    [TestCase(Word, 0, 4095, null, false)]
    [TestCase(Word, 0, 255, null, false)]
    [TestCase(Word, 0, 4095, "0,4095", true)]
    [TestCase(Word, 0, 4095, "0,65535", true)]
    [TestCase(Word, 0, 4095, "p0.5,p99.5", true)]
    [TestCase(Word, 5000, 9000, "0,4095", false)]
    [TestCase(Float, 0, 1, null, true)]
    [TestCase(Float, 0, 0.05f, null, true)]
    [TestCase(Float, 0, 255, null, false)]
    [TestCase(Float, -0.5f, 0.5f, null, false)]
    [TestCase(Float, -1024, 3071, null, false)]
    [TestCase(Float, -1024, 3071, "-1000,400", true)]
    [TestCase(Float, 0, 1, "1,255", false)]
    public void Training_images_are_taken_or_refused(PixelType type, float low, float high, string? window, bool isTaken) =>
        Assert.That(
            IntensityCheck.OfTraining(type, new IntensityRange(low, high), window is null ? null : IntensityWindow.Parse(window)) is null,
            Is.EqualTo(isTaken));

    // 8 bits without a window.
    [TestCase(Byte, 0, 255, null, Byte, 0, 255, Taken)]
    [TestCase(Byte, 0, 255, null, Byte, 7, 7, Taken)]
    [TestCase(Byte, 0, 255, null, Byte, 0, 15, Doubted)]
    [TestCase(Byte, 0, 255, null, Word, 0, 65535, Taken)]
    [TestCase(Byte, 0, 255, null, Word, 0, 4095, Range)]
    [TestCase(Byte, 0, 255, null, Word, 0, 255, Range)]
    [TestCase(Byte, 0, 255, null, Word, 0, 0, Taken)]
    [TestCase(Byte, 0, 255, null, Float, 0, 1, Taken)]
    [TestCase(Byte, 0, 255, null, Float, 0, 0.05f, Doubted)]
    [TestCase(Byte, 0, 255, null, Float, 0, 255, Range)]
    [TestCase(Byte, 0, 255, null, Float, -0.5f, 0.5f, Range)]

    // 16 bits without a window.
    [TestCase(Word, 0, 65535, null, Byte, 0, 255, Taken)]
    [TestCase(Word, 0, 65535, null, Word, 0, 4095, Doubted)]
    [TestCase(Word, 0, 65535, null, Float, 0, 4095, Range)]

    // Floats from 0 to 1.
    [TestCase(Float, 0, 1, null, Float, 0.1f, 0.9f, Taken)]
    [TestCase(Float, 0, 1, null, Float, 0, 255, Range)]
    [TestCase(Float, 0, 1, null, Float, -1024, 3071, Range)]
    [TestCase(Float, 0, 1, null, Float, -0.5f, 0.5f, Range)]
    [TestCase(Float, 0, 1, null, Byte, 0, 255, Type)]
    [TestCase(Float, 0, 1, null, Word, 0, 65535, Type)]
    [TestCase(Float, 0, 1, "p1,p99", Byte, 0, 255, Type)]

    // 12 bits in 16 with a window.
    [TestCase(Word, 0, 4095, "0,4095", Word, 0, 4095, Taken)]
    [TestCase(Word, 0, 4095, "0,4095", Word, 0, 65535, Range)]
    [TestCase(Word, 0, 4095, "0,4095", Word, 0, 255, Doubted)]
    [TestCase(Word, 0, 4095, "0,4095", Word, 9, 9, Taken)]
    [TestCase(Word, 0, 4095, "0,4095", Byte, 0, 255, Type)]
    [TestCase(Word, 0, 4095, "0,4095", Float, 0, 4095, Taken)]
    [TestCase(Word, 0, 4095, "0,4095", Float, 0, 1, Range)]

    // 8 bits with a window.
    [TestCase(Byte, 0, 255, "20,200", Byte, 0, 255, Taken)]
    [TestCase(Byte, 0, 255, "20,200", Word, 0, 65535, Type)]
    [TestCase(Byte, 0, 255, "20,200", Float, 0, 255, Taken)]
    [TestCase(Byte, 0, 255, "20,200", Float, 0, 1, Range)]

    // Floats of 0 to 255, of 0 to 4095, and in Hounsfield units, with a window.
    [TestCase(Float, 0, 255, "0,255", Float, 0, 255, Taken)]
    [TestCase(Float, 0, 255, "0,255", Float, 0, 1, Range)]
    [TestCase(Float, 0, 255, "0,255", Float, 0, 65535, Range)]
    [TestCase(Float, 0, 255, "0,255", Byte, 0, 255, Taken)]
    [TestCase(Float, 0, 255, "0,255", Word, 0, 255, Type)]
    [TestCase(Float, 0, 4095, "0,4095", Word, 0, 4095, Taken)]
    [TestCase(Float, 0, 4095, "0,4095", Word, 0, 65535, Range)]
    [TestCase(Float, 0, 4095, "0,4095", Byte, 0, 255, Type)]
    [TestCase(Float, -1024, 3071, "-1000,400", Float, -1024, 1200, Taken)]
    [TestCase(Float, -1024, 3071, "-1000,400", Float, -1024, -1024, Taken)]
    [TestCase(Float, -1024, 3071, "-1000,400", Float, 0, 1, Range)]
    [TestCase(Float, -1024, 3071, "-1000,400", Float, 0, 255, Doubted)]
    [TestCase(Float, -1024, 3071, "-1000,400", Float, 0, 1e6f, Range)]
    [TestCase(Float, -1024, 3071, "-1000,400", Byte, 0, 255, Type)]
    [TestCase(Float, -1024, 3071, "-1000,400", Word, 0, 4095, Type)]
    public void An_image_is_taken_or_not(
        PixelType trained, float lowest, float highest, string? window, PixelType given, float low, float high, string expected)
    {
        var model = new ImageFormat(new ImageShape(1, 8, 8), trained, Preprocessing.None)
        {
            Intensities = new IntensityScale(lowest, highest, window is null ? null : IntensityWindow.Parse(window)),
        };
        var range = new IntensityRange(low, high);

        var found = IntensityCheck.OfType(model, given) is not null ? Type
            : IntensityCheck.OfImage(model, given, range) is not null ? Range
            : IntensityCheck.Doubt(model, given, range) is not null ? Doubted
            : Taken;

        Assert.That(found, Is.EqualTo(expected));
    }
}
