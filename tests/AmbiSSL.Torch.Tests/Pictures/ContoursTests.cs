using AmbiSSL.Torch.Pictures;
using NUnit.Framework;
using SkiaSharp;

namespace AmbiSSL.Torch.Tests.Pictures;

public sealed class ContoursTests
{
    [Test]
    public void The_line_around_a_pixel_goes_clockwise_through_its_corners() => Assert.That(
        Contours.Trace([0, 0, 0, 1], new ImageSize(2, 2)).Single(),
        Is.EqualTo(new SKPointI[] { new(1, 1), new(2, 1), new(2, 2), new(1, 2) }));

    [Test]
    public void Pixels_that_touch_at_a_corner_have_lines_of_their_own() => Assert.That(
        Contours.Trace([1, 0, 0, 1], new ImageSize(2, 2)).Select(line => line.Count), Is.EqualTo(new[] { 4, 4 }));

    [Test]
    public void A_hole_has_a_line_that_goes_the_other_way() => Assert.That(
        Contours.Trace([1, 1, 1, 1, 0, 1, 1, 1, 1], new ImageSize(3, 3)).Select(Area), Is.EqualTo(new[] { 9.0, -1.0 }));

    [Test]
    public void An_empty_mask_has_no_line() => Assert.That(Contours.Trace(new byte[12], new ImageSize(3, 4)), Is.Empty);

    /// <summary>By the shoelace formula the areas add up to the number of pixels, and the lengths to the number of edges.</summary>
    [Test]
    public void Lines_of_any_mask_hold_its_pixels_and_follow_its_edges([Range(1, 20)] int seed)
    {
        var size = new ImageSize(9, 7);
        var random = new Random(seed);
        byte[] mask = [.. Enumerable.Range(0, size.PixelCount).Select(_ => (byte)random.Next(2))];

        var lines = Contours.Trace(mask, size);

        Assert.That(lines.Sum(Area), Is.EqualTo(mask.Sum(value => value)));
        Assert.That(lines.Sum(Length), Is.EqualTo(Edges(mask, size)));
    }

    private static double Area(IReadOnlyList<SKPointI> line) =>
        Sides(line).Sum(side => (side.From.X * side.To.Y) - (side.To.X * side.From.Y)) / 2.0;

    private static int Length(IReadOnlyList<SKPointI> line) =>
        Sides(line).Sum(side => Math.Abs(side.To.X - side.From.X) + Math.Abs(side.To.Y - side.From.Y));

    private static IEnumerable<(SKPointI From, SKPointI To)> Sides(IReadOnlyList<SKPointI> line) =>
        line.Select((corner, i) => (corner, line[(i + 1) % line.Count]));

    private static int Edges(byte[] mask, ImageSize size)
    {
        int At(int y, int x) => y < 0 || x < 0 || y >= size.Height || x >= size.Width ? 0 : mask[(y * size.Width) + x];
        return (from y in Enumerable.Range(-1, size.Height + 1)
                from x in Enumerable.Range(-1, size.Width + 1)
                select Math.Abs(At(y, x) - At(y, x + 1)) + Math.Abs(At(y, x) - At(y + 1, x))).Sum();
    }
}
