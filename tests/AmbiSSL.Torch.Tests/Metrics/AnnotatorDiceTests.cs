using AmbiSSL.Torch.Metrics;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Metrics;

public sealed class AnnotatorDiceTests
{
    private static readonly BitMask Empty = Mask(0, 0, 0, 0);
    private static readonly BitMask One = Mask(1, 0, 0, 0);
    private static readonly BitMask Two = Mask(1, 1, 0, 0);
    private static readonly BitMask Three = Mask(1, 1, 1, 0);

    [Test]
    public void Each_mask_is_compared_with_that_of_the_reader_of_the_same_name() => Assert.That(
        AnnotatorDice.ByReader([One, Two], ["a", "b"], [Three, Two, Empty], ["b", "a", "c"]), Is.EqualTo((double[])[2.0 / 3, 0.8]));

    [Test]
    public void Where_nobody_is_known_no_reader_has_a_figure() => Assert.That(
        AnnotatorDice.ByReader([One, Two], ["a", "b"], [Three, Two], []), Is.All.NaN);

    [Test]
    public void Ranks_by_area_put_the_largest_first() => Assert.That(
        AnnotatorDice.ByRank([Three, Two, One], [One, Three, Two]), Is.EqualTo((double[])[1, 1, 1]));

    [Test]
    public void Equal_areas_keep_their_order()
    {
        var other = Mask(0, 0, 0, 1);

        Assert.That(AnnotatorDice.ByRank([One, other], [One, other]), Is.EqualTo((double[])[1, 1]));
        Assert.That(AnnotatorDice.ByRank([One, other], [other, One]), Is.EqualTo((double[])[0, 0]));
    }

    [Test]
    public void Ranks_of_a_class_are_those_of_all_classes() => Assert.That(
        AnnotatorDice.ByRank([Three, Two, One], [One, Three, Two], [9, 5, 7]), Is.EqualTo((double[])[0.5, 1, 0.5]));

    [Test]
    public void Two_empty_masks_agree() => Assert.That(
        AnnotatorDice.ByReader([Empty, Empty], ["a", "b"], [Empty, One], ["a", "b"]), Is.EqualTo((double[])[1, 0]));

    [Test]
    public void A_reader_without_a_mask_has_no_figure() => Assert.That(
        AnnotatorDice.ByReader([One, Two, Three], ["a", "b", "c"], [One, One], ["a", "c"]), Is.EqualTo((double[])[1, double.NaN, 0.5]));

    [Test]
    public void A_rank_without_a_mask_has_no_figure() => Assert.That(
        AnnotatorDice.ByRank([Three, Two], [Three]), Is.EqualTo((double[])[1, double.NaN]));

    [Test]
    public void Masks_beyond_the_annotators_are_left_out() => Assert.That(
        AnnotatorDice.ByRank([Three], [One, Three, Two]), Is.EqualTo((double[])[1]));

    [Test]
    public void Sizes_that_differ_are_refused() => Assert.That(
        () => AnnotatorDice.ByRank([One], [BitMask.FromBytes([1], 1, 1)]),
        Throws.ArgumentException.With.Message.Contains("all masks of an image must have one size"));

    private static BitMask Mask(params byte[] values) => BitMask.FromBytes(values, 2, 2);
}
