using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Answers;

internal sealed class MaskSizesTests
{
    private static readonly ImageSize Size = new(48, 64);

    [TestCase(1, 1, 1.4142135623730951)]
    [TestCase(3, 4, 5)]
    [TestCase(12, 5, 13)]
    public void A_rectangle_has_its_diagonal_for_its_diameter(int height, int width, double diameter)
    {
        var sizes = MaskSizes.Of(Draw((y, x) => y >= 7 && y < 7 + height && x >= 9 && x < 9 + width), Size);

        Assert.That(sizes.Area, Is.EqualTo(height * width));
        Assert.That(sizes.LongestDiameter, Is.EqualTo(diameter).Within(1e-12));
    }

    [Test]
    public void Spacing_measures_in_millimeters()
    {
        // 3 rows of 2 mm and 16 columns of half a millimeter: 6 mm by 8 mm.
        var sizes = MaskSizes.Of(Draw((y, x) => y is >= 1 and < 4 && x < 16), Size, new PixelSpacing(2, 0.5));

        Assert.That(sizes.Area, Is.EqualTo(48).Within(1e-12));
        Assert.That(sizes.LongestDiameter, Is.EqualTo(10).Within(1e-12));
    }

    [TestCase(5.5)]
    [TestCase(12)]
    [TestCase(20.25)]
    public void A_disc_is_longest_along_some_diameter_and_at_most_a_pixel_longer(double radius)
    {
        var sizes = MaskSizes.Of(Draw((y, x) => double.Hypot(y - 23.5, x - 31.5) <= radius), Size);

        Assert.That(sizes.Area, Is.EqualTo(Math.PI * radius * radius).Within(Math.PI * radius), "half of the pixels on the border");
        Assert.That(sizes.LongestDiameter, Is.InRange(2 * radius, (2 * radius) + Math.Sqrt(2)));
    }

    [Test]
    public void A_diagonal_line_is_as_long_as_its_pixels_diagonals() =>
        Assert.That(MaskSizes.Of(Draw((y, x) => y == x && y < 30), Size).LongestDiameter, Is.EqualTo(30 * Math.Sqrt(2)).Within(1e-12));

    [Test]
    public void Components_are_measured_together()
    {
        // Corners of a rectangle of 20 by 21.
        var sizes = MaskSizes.Of(Draw((y, x) => (y, x) is (0, 0) or (19, 20)), Size);

        Assert.That((sizes.Area, sizes.LongestDiameter), Is.EqualTo((2.0, 29.0)));
    }

    [TestCase(0.5)]
    [TestCase(0.01)]
    public void The_diameter_is_the_distance_of_the_two_corners_that_are_furthest_apart(double share)
    {
        var (random, spacing) = (new Random(1), new PixelSpacing(0.7, 1.3));
        for (var trial = 0; trial < 20; trial++)
        {
            var mask = Draw((_, _) => random.NextDouble() < share);
            (double X, double Y)[] corners =
            [
                .. from pixel in Enumerable.Range(0, mask.Length)
                   where mask[pixel] != 0
                   from corner in ((int, int)[])[(0, 0), (0, 1), (1, 0), (1, 1)]
                   let y = (pixel / Size.Width) + corner.Item1
                   let x = (pixel % Size.Width) + corner.Item2
                   group x by y into row
                   from end in (int[])[row.Min(), row.Max()]
                   select (end * spacing.Column, row.Key * spacing.Row),
            ];
            var furthest = corners.Max(a => corners.Max(b => double.Hypot(a.X - b.X, a.Y - b.Y)));

            Assert.That(MaskSizes.Of(mask, Size, spacing).LongestDiameter, Is.EqualTo(furthest).Within(1e-12));
        }
    }

    [Test]
    public void An_empty_mask_measures_nothing() => Assert.That(MaskSizes.Of(new byte[Size.PixelCount], Size), Is.EqualTo(new MaskSizes(0, 0)));

    [Test]
    public void A_mask_of_another_size_and_a_distance_that_is_none_are_refused()
    {
        Assert.That(() => MaskSizes.Of(new byte[7], Size), Throws.ArgumentException.With.Message.StartsWith("The mask has 7 values; 48x64 needs 3072."));
        Assert.That(() => MaskSizes.Of(new byte[3072], Size, new PixelSpacing(0, 1)), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    private static byte[] Draw(Func<int, int, bool> isForeground) =>
        [.. Enumerable.Range(0, Size.PixelCount).Select(pixel => isForeground(pixel / Size.Width, pixel % Size.Width) ? (byte)1 : (byte)0)];
}
