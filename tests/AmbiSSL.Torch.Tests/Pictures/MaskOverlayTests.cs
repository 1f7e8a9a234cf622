using System.Xml.Linq;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Pictures;

public sealed class MaskOverlayTests
{
    // A mask of 16x16 pixels whose foreground is the square from 4 to 12.
    private static readonly ImageSize MaskSize = new(16, 16);
    private static readonly byte[] Square =
        [.. Enumerable.Range(0, 256).Select(i => i / 16 is >= 4 and < 12 && i % 16 is >= 4 and < 12 ? (byte)1 : (byte)0)];

    [TestCase(16, 512)]
    [TestCase(100, 600)]
    [TestCase(512, 512)]
    [TestCase(2000, 2000)]
    public void Small_images_are_enlarged_by_a_whole_number(int side, int expected) =>
        Assert.That(Png(side, new Preprocessing { Resize = MaskSize }).Shape, Is.EqualTo(new ImageShape(3, expected, expected)));

    [TestCase(64)]
    [TestCase(2000)]
    public void The_line_around_the_mean_is_orange_with_a_dark_rim_and_as_wide_as_shows(int side)
    {
        var png = Png(side, new Preprocessing { Resize = MaskSize });

        // Down the middle the line is crossed at a quarter of the height, and nowhere else in the upper half.
        var middle = png.Shape.Width / 2;
        var orange = Rows(png, middle, row => row is (> 200, > 120 and < 190, < 60));
        var width = orange.Count(row => row < png.Shape.Height / 2);
        Assert.That(width, Is.InRange(2, 12));
        Assert.That(orange.Where(row => row < png.Shape.Height / 2).Average(), Is.EqualTo(png.Shape.Height / 4).Within(width));
        Assert.That(Rows(png, middle, row => row is (< 20, < 20, < 20)), Is.Not.Empty);
    }

    [Test]
    public void What_was_cropped_is_drawn_where_it_was_cut_out()
    {
        var png = Png(512, new Preprocessing { Crop = MaskSize });

        // The crop begins at (512 - 16) / 2 = 248, the square at 252.
        var orange = Rows(png, 256, row => row is (> 200, > 120 and < 190, < 60));
        Assert.That(orange, Is.Not.Empty.And.All.InRange(250, 262));
    }

    [Test]
    public void An_SVG_is_enlarged_as_the_PNG_is_and_has_its_lines_in_pixels_of_the_image()
    {
        using var stream = new MemoryStream();
        Overlay(32, new Preprocessing { Resize = MaskSize }).WriteSvg(stream);
        stream.Position = 0;

        var svg = XDocument.Load(stream).Root!;

        Assert.That(((string?)svg.Attribute("viewBox"), (int?)svg.Attribute("width")), Is.EqualTo(("0 0 32 32", 512)));
        var last = svg.Descendants().Last(element => element.Name.LocalName == "path");
        Assert.That((string?)last.Attribute("d"), Is.EqualTo("M8 8L24 8L24 24L8 24L8 8Z"));
        Assert.That((string?)last.Attribute("stroke"), Is.EqualTo("#E69F00"));
    }

    [Test]
    public void Classes_have_lines_in_their_colors_and_names()
    {
        byte[] planes = [.. Square, .. Square.Select(value => (byte)(1 - value))];
        var masks = new MaskSet(MaskSize, planes, null, null, new MaskClasses(["core", "rim & edge"]));
        using var stream = new MemoryStream();

        new MaskOverlay(Image(16), masks, [.. planes.Select(value => (float)value)]).WriteSvg(stream);

        stream.Position = 0;
        var svg = XDocument.Load(stream).Root!;
        Assert.That(
            svg.Descendants().Where(element => element.Name.LocalName == "path").Select(path => (string?)path.Attribute("stroke")),
            Is.EqualTo((string[])["#000000", "#000000", "#E69F00", "#56B4E9", "#000000", "#000000", "#E69F00", "#56B4E9"]));
        Assert.That(
            svg.Descendants().Where(element => element.Name.LocalName == "text").Select(text => (text.Value, (string?)text.Attribute("fill"))),
            Is.EqualTo(((string, string)[])[("core", "#56B4E9"), ("rim & edge", "#E69F00")]));
    }

    [Test]
    public void The_first_class_keeps_its_line_where_another_touches_it()
    {
        byte[] planes = [.. Square, .. Square.Select((value, i) => (byte)(value == 0 && i / 16 is >= 2 and < 14 && i % 16 is >= 2 and < 14 ? 1 : 0))];
        using var stream = new MemoryStream();

        new MaskOverlay(Image(16), new MaskSet(MaskSize, planes, null, null, new MaskClasses(["core", "rim"])), [.. planes.Select(value => (float)value)])
            .WritePng(stream);

        // Down the middle: the rim's outer border at 2 of 16, then that of the core, which is the rim's inner one, at 4.
        var png = ImagePixels.Decode(stream.ToArray(), "overlay");
        var (middle, step) = (png.Shape.Width / 2, png.Shape.Height / 16);
        Assert.Multiple(() =>
        {
            Assert.That(
                Rows(png, middle, row => row is (> 200, > 120 and < 190, < 60)).Where(row => row < middle),
                Is.Not.Empty.And.All.EqualTo(2 * step).Within(step / 2));
            Assert.That(
                Rows(png, middle, row => row is (< 100, > 160, > 210)).Where(row => row < middle),
                Is.Not.Empty.And.All.EqualTo(4 * step).Within(step / 2));
        });
    }

    [Test]
    public void Outlines_with_a_promise_are_green_and_the_outer_one_is_dashed()
    {
        // The square is certain, and one more row below it possible.
        float[] probability = [.. Square.Select((value, pixel) => value > 0 ? 0.95f : pixel / 16 == 12 && pixel % 16 is >= 4 and < 12 ? 0.3f : 0)];
        using var stream = new MemoryStream();

        new MaskOverlay(Image(16), new MaskSet(MaskSize, Square), probability, outlines: new ConformalOutlines(0.9, 0.9, 0.2)).WriteSvg(stream);

        stream.Position = 0;
        var green = XDocument.Load(stream).Descendants().Where(element => (string?)element.Attribute("stroke") == "#009E73").ToArray();
        Assert.That(green.Select(path => path.Attribute("stroke-dasharray") is not null), Is.EqualTo((bool[])[false, true]));
        Assert.That(green.Select(path => (string?)path.Attribute("d")), Is.EqualTo((string[])["M4 4L12 4L12 12L4 12L4 4Z", "M4 4L12 4L12 13L4 13L4 4Z"]));
    }

    [Test]
    public void Masks_that_the_image_does_not_become_are_refused() => Assert.That(
        () => Overlay(32, Preprocessing.None),
        Throws.ArgumentException.With.Message.StartsWith(
            "What was drawn has 16x16 pixels, which the image of 32x32 with preprocessing 'none' does not become"));

    [Test]
    public void A_probability_of_another_size_is_refused() => Assert.That(
        () => new MaskOverlay(Image(16), new MaskSet(MaskSize, Square), new float[255]),
        Throws.ArgumentException.With.Message.StartsWith("The probability has 255 values; masks of 16x16 pixels need 256."));

    private static MaskOverlay Overlay(int side, Preprocessing preprocessing) =>
        new(Image(side), new MaskSet(MaskSize, Square), [.. Square.Select(value => (float)value)], preprocessing);

    // Of one gray but for a corner, so that it is not stretched.
    private static ImagePixels Image(int side) =>
        new(new ImageShape(1, side, side), [.. Enumerable.Range(0, side * side).Select(i => i == 0 ? byte.MaxValue : i == 1 ? byte.MinValue : (byte)100)]);

    private static ImagePixels Png(int side, Preprocessing preprocessing)
    {
        using var stream = new MemoryStream();
        Overlay(side, preprocessing).WritePng(stream);
        return ImagePixels.Decode(stream.ToArray(), "overlay");
    }

    private static int[] Rows(ImagePixels png, int column, Predicate<(byte Red, byte Green, byte Blue)> isWanted)
    {
        byte At(int channel, int row) => png.Values<byte>()[(((channel * png.Shape.Height) + row) * png.Shape.Width) + column];
        return [.. Enumerable.Range(0, png.Shape.Height).Where(row => isWanted((At(0, row), At(1, row), At(2, row))))];
    }
}
