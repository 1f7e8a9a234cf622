using AmbiSSL.Torch.Metrics;
using CsCheck;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Metrics;

public sealed class GeneralizedEnergyDistanceTests
{
    [Test]
    public void Disjoint_sets_are_two_apart() =>
        Assert.That(GeneralizedEnergyDistance.VStatistic(TestMasks.DrawSet("#.", "#."), TestMasks.DrawSet(".#")), Is.EqualTo(2));

    [Test]
    public void Set_is_at_distance_zero_from_itself() =>
        TestMasks.Pairs.Sample(pair => TestMasks.Close(GeneralizedEnergyDistance.VStatistic(pair.Samples, pair.Samples), 0));

    [Test]
    public void V_statistic_is_not_negative() =>
        TestMasks.Pairs.Sample(pair => GeneralizedEnergyDistance.VStatistic(pair.Samples, pair.Annotations) > -1e-12);

    [Test]
    public void V_statistic_does_not_tell_samples_from_annotations() =>
        TestMasks.Pairs.Sample(pair => TestMasks.Close(
            GeneralizedEnergyDistance.VStatistic(pair.Samples, pair.Annotations),
            GeneralizedEnergyDistance.VStatistic(pair.Annotations, pair.Samples)));

    [Test]
    public void Order_of_masks_does_not_matter() =>
        Gen.Select(TestMasks.Pairs, Gen.Int).Sample((pair, seed) => TestMasks.Close(
            GeneralizedEnergyDistance.VStatistic(pair.Samples, pair.Annotations),
            GeneralizedEnergyDistance.VStatistic(TestMasks.Shuffled(pair.Samples, seed), TestMasks.Shuffled(pair.Annotations, seed))));

    [Test]
    public void V_statistic_of_a_set_that_holds_every_mask_twice_is_the_same() =>
        TestMasks.Pairs.Sample(pair => TestMasks.Close(
            GeneralizedEnergyDistance.VStatistic(pair.Samples, pair.Annotations),
            GeneralizedEnergyDistance.VStatistic([.. pair.Samples, .. pair.Samples], [.. pair.Annotations, .. pair.Annotations])));

    [Test]
    public void Sets_of_different_sizes_are_refused() =>
        Assert.That(
            () => GeneralizedEnergyDistance.VStatistic(TestMasks.DrawSet("#."), TestMasks.DrawSet("#..")),
            Throws.ArgumentException.With.Message.StartsWith("A mask of 1x2 was compared with one of 1x3;"));
}
