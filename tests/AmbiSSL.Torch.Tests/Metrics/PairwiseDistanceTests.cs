using AmbiSSL.Torch.Metrics;
using CsCheck;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Metrics;

public sealed class PairwiseDistanceTests
{
    private static readonly BitMask[] OneApart = TestMasks.DrawSet("#.", "#.", ".#");

    [Test]
    public void Distance_between_sets_is_the_mean_over_all_pairs() =>
        Assert.That(PairwiseDistance.Between(OneApart, TestMasks.DrawSet("#.", "##")), Is.EqualTo((1 + 1.5) / 6).Within(1e-15));

    [Test]
    public void Distance_within_a_set_counts_self_pairs() =>
        Assert.That(PairwiseDistance.Within(OneApart), Is.EqualTo(4.0 / 9).Within(1e-15));

    [Test]
    public void Distance_within_distinct_pairs_leaves_self_pairs_out() =>
        Assert.That(PairwiseDistance.WithinDistinct(OneApart), Is.EqualTo(4.0 / 6).Within(1e-15));

    [Test]
    public void Single_mask_has_no_distinct_pair() =>
        Assert.That(PairwiseDistance.WithinDistinct(TestMasks.DrawSet("#.")), Is.NaN);

    [Test]
    public void Empty_mask_is_one_apart_from_itself_by_the_convention_that_says_so() =>
        Assert.That(PairwiseDistance.Within(TestMasks.DrawSet(".."), EmptyMaskConvention.IouIsZero), Is.EqualTo(1));

    [Test]
    public void Distance_within_equals_the_distance_of_a_set_to_itself() =>
        TestMasks.Pairs.Sample(pair =>
            TestMasks.Close(PairwiseDistance.Within(pair.Samples), PairwiseDistance.Between(pair.Samples, pair.Samples)));

    [Test]
    public void Empty_set_is_refused() =>
        Assert.That(
            () => PairwiseDistance.Within([]),
            Throws.ArgumentException.With.Message.StartsWith("There are 0 masks in masks; this metric needs at least 1."));
}
