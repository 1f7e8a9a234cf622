using AmbiSSL.Torch.Metrics;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Metrics;

public sealed class MaskOverlapTests
{
    [TestCase("##..", ".##.", 1.0 / 3, 0.5)]
    [TestCase("##..", "##..", 1, 1)]
    [TestCase("##..", "..##", 0, 0)]
    [TestCase("....", "#...", 0, 0)]
    [TestCase("....", "....", 1, 1)]
    public void Overlap_is_that_of_its_formula(string first, string second, double iou, double dice)
    {
        Assert.That(MaskOverlap.IntersectionOverUnion(TestMasks.Draw(first), TestMasks.Draw(second)), Is.EqualTo(iou).Within(1e-15));
        Assert.That(MaskOverlap.Dice(TestMasks.Draw(first), TestMasks.Draw(second)), Is.EqualTo(dice).Within(1e-15));
    }

    [Test]
    public void Empty_masks_do_not_overlap_by_the_convention_that_says_so() =>
        Assert.That(
            MaskOverlap.IntersectionOverUnion(TestMasks.Draw(".."), TestMasks.Draw(".."), EmptyMaskConvention.IouIsZero), Is.Zero);
}
