using AmbiSSL.Torch.Pictures;
using NUnit.Framework;
using SkiaSharp;

namespace AmbiSSL.Torch.Tests.Pictures;

public sealed class ClassLegendTests
{
    [Test]
    public void One_class_has_none() => Assert.That(new ClassLegend(MaskClasses.One, 100).Height, Is.Zero);

    [TestCase(400, 18)]
    [TestCase(100, 36)]
    [TestCase(10, 54)]
    public void Names_that_do_not_fit_stand_below(int width, int height) =>
        Assert.That(new ClassLegend(new MaskClasses(["core", "rim", "edge"]), width).Height, Is.EqualTo(height));

    [Test]
    public void A_class_has_a_square_of_its_color_before_its_name()
    {
        using var picture = new SKBitmap(200, 18);
        using var canvas = new SKCanvas(picture);
        canvas.Clear(SKColors.Black);

        new ClassLegend(new MaskClasses(["i", "l"]), 200).Draw(canvas, 0, 0);

        // The square is five letters' pixels wide, two more lie before the name of one letter, eight behind it: the second class is at 2 * (5 + 2 + 4 + 8).
        Assert.That((picture.GetPixel(2, 6), picture.GetPixel(40, 6)), Is.EqualTo((new SKColor(0x56, 0xB4, 0xE9), new SKColor(0xE6, 0x9F, 0x00))));
        Assert.That(
            (picture.GetPixel(15, 5), picture.GetPixel(55, 5)),
            Is.EqualTo((new SKColor(0xF2, 0xF2, 0xF2), SKColors.Black)),
            "I has a bar above, L a side");
    }
}
