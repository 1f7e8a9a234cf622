using AmbiSSL.Torch.Metrics;
using CsCheck;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Metrics;

public sealed class BitMaskTests
{
    private static readonly Gen<(byte[] First, byte[] Second, int Height, int Width)> BytePairs =
        from height in Gen.Int[1, 20]
        from width in Gen.Int[1, 20]
        from first in Gen.Byte[0, 2].Array[height * width]
        from second in Gen.Byte[0, 2].Array[height * width]
        select (first, second, height, width);

    [Test]
    public void Nonzero_bytes_are_foreground() =>
        BytePairs.Sample(pair =>
        {
            var mask = BitMask.FromBytes(pair.First, pair.Height, pair.Width);
            return mask.Area == pair.First.Count(value => value != 0)
                && TestMasks.Pixels(mask).SequenceEqual(pair.First.Select(value => value != 0));
        });

    [Test]
    public void Count_equals_that_over_pixels() =>
        BytePairs.Sample(pair =>
        {
            var first = BitMask.FromBytes(pair.First, pair.Height, pair.Width);
            var second = BitMask.FromBytes(pair.Second, pair.Height, pair.Width);
            return first.IntersectionCount(second) == pair.First.Zip(pair.Second).Count(pixel => pixel.First != 0 && pixel.Second != 0);
        });

    [Test]
    public void Probabilities_equal_a_comparison_of_each_pixel() =>
        (from width in Gen.Int[1, 200]
         from values in Gen.Int[0, 10].Array[width]
         from threshold in Gen.Int[0, 10]
         select (values, threshold)).Sample(given =>
        {
            float[] probabilities = [.. given.values.Select(value => value / 10f)];
            var mask = BitMask.FromProbabilities(probabilities, 1, probabilities.Length, given.threshold / 10f);
            return TestMasks.Pixels(mask).SequenceEqual(given.values.Select(value => value > given.threshold));
        });

    [Test]
    public void Probability_of_the_threshold_itself_is_background() =>
        Assert.That(BitMask.FromProbabilities([0.5f, MathF.BitIncrement(0.5f)], 1, 2, 0.5f).Area, Is.EqualTo(1));

    [TestCase(1)]
    [TestCase(64)]
    public void NaN_is_background(int width) =>
        Assert.That(BitMask.FromProbabilities([.. Enumerable.Repeat(float.NaN, width)], 1, width, 0.5f).Area, Is.Zero);

    [Test]
    public void Set_is_cut_into_its_masks_in_order()
    {
        BitMask[] masks = BitMask.SetFromBytes([1, 0, 1, 1, 0, 0], 1, 2);

        Assert.That(masks.Select(mask => mask.Area), Is.EqualTo(new[] { 1, 2, 0 }));
        Assert.That(TestMasks.Pixels(masks[0]), Is.EqualTo((bool[])[true, false]));
    }

    [Test]
    public void No_values_are_an_empty_set() => Assert.That(BitMask.SetFromBytes([], 3, 4), Is.Empty);

    [Test]
    public void Size_is_kept()
    {
        BitMask mask = TestMasks.Draw("..#/#..");

        Assert.That((mask.Height, mask.Width, mask.PixelCount), Is.EqualTo((2, 3, 6)));
    }

    [Test]
    public void Votes_equal_a_count_of_each_pixel() =>
        (from masks in TestMasks.Masks(7, 11).Array[1, 12]
         from votes in Gen.Int[1, 14]
         select (masks, votes)).Sample(given =>
        {
            var mask = BitMask.FromVotes(given.masks, given.votes);
            bool[][] pixels = Array.ConvertAll(given.masks, TestMasks.Pixels);
            return TestMasks.Pixels(mask).SequenceEqual(Enumerable.Range(0, 77).Select(i => pixels.Count(vote => vote[i]) >= given.votes));
        });

    [Test]
    public void Wrong_number_of_values_is_refused() =>
        Assert.That(
            () => BitMask.FromBytes(new byte[10], 3, 4),
            Throws.ArgumentException.With.Message.EqualTo(
                "There are 10 values; a map of 3x4 needs 12. Give H·W values, row by row. (Parameter 'values')"));

    [Test]
    public void Part_of_a_mask_is_refused() =>
        Assert.That(
            () => BitMask.SetFromBytes(new byte[13], 3, 4),
            Throws.ArgumentException.With.Message.EqualTo(
                "There are 13 values, not a multiple of 3x4 = 12. Give whole maps, one after the other. (Parameter 'values')"));

    [TestCase(0, 4, "The height is 0; it must be at least 1.")]
    [TestCase(4, -1, "The width is -1; it must be at least 1.")]
    public void Side_of_less_than_a_pixel_is_refused(int height, int width, string message) =>
        Assert.That(
            () => BitMask.FromBytes([], height, width), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.StartsWith(message));

    [Test]
    public void Masks_of_different_sizes_are_not_compared() =>
        Assert.That(
            () => TestMasks.Draw("##/##").IntersectionCount(TestMasks.Draw("####")),
            Throws.ArgumentException.With.Message.StartsWith("A mask of 1x4 was compared with one of 2x2;"));
}
