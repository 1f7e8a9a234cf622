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
    public void Each_mask_is_compared_with_the_same_slots() => Assert.That(
        AnnotatorDice.Compute([One, Two], [Two, Two], AnnotatorIdentity.Slot), Is.EqualTo((double[])[2.0 / 3, 1]));

    [Test]
    public void Ranks_by_area_put_the_largest_first() => Assert.That(
        AnnotatorDice.Compute([Three, Two, One], [One, Three, Two], AnnotatorIdentity.AreaRank), Is.EqualTo((double[])[1, 1, 1]));

    [Test]
    public void Equal_areas_keep_their_order()
    {
        var other = Mask(0, 0, 0, 1);

        Assert.That(AnnotatorDice.Compute([One, other], [One, other], AnnotatorIdentity.AreaRank), Is.EqualTo((double[])[1, 1]));
        Assert.That(AnnotatorDice.Compute([One, other], [other, One], AnnotatorIdentity.AreaRank), Is.EqualTo((double[])[0, 0]));
    }

    [Test]
    public void Two_empty_masks_agree() => Assert.That(
        AnnotatorDice.Compute([Empty, Empty], [Empty, One], AnnotatorIdentity.Slot), Is.EqualTo((double[])[1, 0]));

    [Test]
    public void An_annotator_without_a_mask_has_no_figure() => Assert.That(
        AnnotatorDice.Compute([One, Two, Three], [One, One], AnnotatorIdentity.Slot), Is.EqualTo((double[])[1, 2.0 / 3, double.NaN]));

    [Test]
    public void Masks_beyond_the_annotators_are_left_out() => Assert.That(
        AnnotatorDice.Compute([Three], [One, Three, Two], AnnotatorIdentity.AreaRank), Is.EqualTo((double[])[1]));

    [Test]
    public void Sizes_that_differ_are_refused() => Assert.That(
        () => AnnotatorDice.Compute([One], [BitMask.FromBytes([1], 1, 1)], AnnotatorIdentity.Slot),
        Throws.ArgumentException.With.Message.Contains("all masks of an image must have one size"));

    private static BitMask Mask(params byte[] values) => BitMask.FromBytes(values, 2, 2);
}
