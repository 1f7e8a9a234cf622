using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Pictures;

public sealed class HeatMapTests
{
    private static readonly ImageSize Size = new(16, 16);

    // The ends of the colors.
    private static readonly (byte, byte, byte) Darkest = (0x05, 0x04, 0x10);
    private static readonly (byte, byte, byte) Brightest = (0xFC, 0xFD, 0xBF);

    [TestCase(64)]
    [TestCase(2000)]
    public void The_scale_goes_from_dark_at_its_foot_to_bright_at_its_head_and_gets_brighter_all_the_way(int side)
    {
        var png = Png(side, new Preprocessing { Resize = Size });

        var (width, unit) = (Math.Max(side, 512), Math.Max(side, 512) / 100);
        var column = Enumerable.Range((4 * unit) + 2, width - (8 * unit) - 4).Select(row => At(png, row, width + (5 * unit))).Reverse().ToArray();
        Assert.That(Lightness(column[0]), Is.EqualTo(Lightness(Darkest)).Within(5));
        Assert.That(Lightness(column[^1]), Is.EqualTo(Lightness(Brightest)).Within(5));
        Assert.That(column.Zip(column.Skip(1), (below, above) => Lightness(above) - Lightness(below)), Is.All.GreaterThan(-1));
    }

    [Test]
    public void A_resized_map_covers_the_image()
    {
        var png = Png(64, new Preprocessing { Resize = Size });

        // The left half is certain, the right half is not.
        Assert.That((At(png, 5, 5), At(png, 500, 250)), Is.EqualTo((Darkest, Darkest)));
        Assert.That((At(png, 5, 262), At(png, 500, 505)), Is.EqualTo((Brightest, Brightest)));
    }

    [Test]
    public void What_was_cropped_is_drawn_where_it_was_cut_out_and_the_rest_is_the_image()
    {
        var png = Png(64, new Preprocessing { Crop = Size });

        // The crop begins at (64 - 16) / 2 = 24, and the picture is eight times as large.
        Assert.That((At(png, 8 * 32, (8 * 24) + 4), At(png, 8 * 32, (8 * 40) - 4)), Is.EqualTo((Darkest, Brightest)));
        Assert.That(At(png, 8 * 32, 8 * 41), Is.EqualTo(((byte)100, (byte)100, (byte)100)));
    }

    [Test]
    public void Of_exclusive_classes_the_brightest_color_is_their_largest_entropy()
    {
        using var stream = new MemoryStream();
        var map = Enumerable.Repeat(MathF.Log2(3), 256).ToArray();

        new HeatMap(Image(64), map, Size, new Preprocessing { Resize = Size }, new MaskClasses(["core", "rim"])).WritePng(stream);

        Assert.That(At(ImagePixels.Decode(stream.ToArray(), "map"), 250, 250), Is.EqualTo(Brightest));
    }

    [Test]
    public void A_map_of_another_size_is_refused() => Assert.That(
        () => new HeatMap(Image(16), new float[255], Size), Throws.ArgumentException.With.Message.StartsWith("The map has 255 values; 16x16 needs 256."));

    private static ImagePixels Image(int side) =>
        new(new ImageShape(1, side, side), [.. Enumerable.Range(0, side * side).Select(i => i == 0 ? byte.MaxValue : i == 1 ? byte.MinValue : (byte)100)]);

    private static ImagePixels Png(int side, Preprocessing preprocessing)
    {
        using var stream = new MemoryStream();
        new HeatMap(Image(side), [.. Enumerable.Range(0, 256).Select(i => i % 16 < 8 ? 0f : 1f)], Size, preprocessing).WritePng(stream);
        return ImagePixels.Decode(stream.ToArray(), "map");
    }

    private static (byte Red, byte Green, byte Blue) At(ImagePixels png, int row, int column)
    {
        byte Channel(int channel) => png.Values<byte>()[(((channel * png.Shape.Height) + row) * png.Shape.Width) + column];
        return (Channel(0), Channel(1), Channel(2));
    }

    // ITU-R BT.601.
    private static double Lightness((byte Red, byte Green, byte Blue) color) => (0.299 * color.Red) + (0.587 * color.Green) + (0.114 * color.Blue);
}
