using AmbiSSL.Torch.Metrics;
using CsCheck;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Metrics;

public sealed class SetDiceTests
{
    private static readonly BitMask[] Samples = TestMasks.DrawSet("##..", "####", "...#");

    [Test]
    public void Max_lets_annotations_share_a_sample() =>
        Assert.That(SetDice.Max(Samples, TestMasks.DrawSet("##..", "##..")), Is.EqualTo(1));

    [Test]
    public void Match_gives_each_annotation_a_sample_of_its_own() =>
        Assert.That(SetDice.Match(Samples, TestMasks.DrawSet("##..", "##..")), Is.EqualTo((1 + (2.0 / 3)) / 2).Within(1e-15));

    [Test]
    public void Annotations_without_a_sample_match_with_zero() =>
        Assert.That(SetDice.Match(TestMasks.DrawSet("#."), TestMasks.DrawSet("#.", "#.", "#.", "#.")), Is.EqualTo(0.25));

    [Test]
    public void Oracle_keeps_one_sample_for_all_annotations() =>
        Assert.That(SetDice.Oracle(Samples, TestMasks.DrawSet("##..", "...#")), Is.EqualTo(((2.0 / 3) + 0.4) / 2).Within(1e-15));

    [Test]
    public void Empty_annotation_is_met_by_an_empty_sample() =>
        Assert.That(SetDice.Match(TestMasks.DrawSet("..", "#."), TestMasks.DrawSet("..", "#.")), Is.EqualTo(1));

    [Test]
    public void Match_and_oracle_are_at_most_max() =>
        TestMasks.Pairs.Sample(pair =>
            SetDice.Match(pair.Samples, pair.Annotations) <= SetDice.Max(pair.Samples, pair.Annotations) + 1e-12
            && SetDice.Oracle(pair.Samples, pair.Annotations) <= SetDice.Max(pair.Samples, pair.Annotations) + 1e-12);

    [Test]
    public void Order_of_masks_does_not_matter() =>
        Gen.Select(TestMasks.Pairs, Gen.Int).Sample((pair, seed) =>
        {
            BitMask[] samples = TestMasks.Shuffled(pair.Samples, seed);
            BitMask[] annotations = TestMasks.Shuffled(pair.Annotations, seed);
            return TestMasks.Close(SetDice.Max(pair.Samples, pair.Annotations), SetDice.Max(samples, annotations))
                && TestMasks.Close(SetDice.Match(pair.Samples, pair.Annotations), SetDice.Match(samples, annotations))
                && TestMasks.Close(SetDice.Oracle(pair.Samples, pair.Annotations), SetDice.Oracle(samples, annotations));
        });

    [Test]
    public void Annotations_as_samples_match_fully() =>
        TestMasks.Pairs.Sample(pair => TestMasks.Close(SetDice.Match(pair.Annotations, pair.Annotations), 1));

    [Test]
    public void Empty_set_is_refused_by_its_name() =>
        Assert.That(
            () => SetDice.Max([], TestMasks.DrawSet("#")),
            Throws.ArgumentException.With.Message.StartsWith("There are 0 masks in samples; this metric needs at least 1."));
}
