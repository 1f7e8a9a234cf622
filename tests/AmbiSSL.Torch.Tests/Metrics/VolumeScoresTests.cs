using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Metrics;

internal sealed class VolumeScoresTests
{
    [Test]
    public void A_volume_is_scored_over_all_its_voxels()
    {
        var size = new ImageSize(1, 4);
        (SampledMasks, MaskSet)[] slices =
        [
            (new SampledMasks([1, 1, 0, 0], [1, 1, 0, 0]), new MaskSet(size, [1, 0, 0, 0])),
            (new SampledMasks([0, 0, 0, 0], [0, 0, 0, 0]), new MaskSet(size, [1, 1, 1, 0])),
        ];

        // One sample of 2 voxels and one annotation of 4 share 1: IoU 1/5, GED 2 * 4/5, Dice 2/6. The mean over slices would be GED (1 + 2) / 2.
        var scores = ImageScores.OfVolume(slices);

        Assert.Multiple(() =>
        {
            Assert.That(scores[Figure.Ged], Is.EqualTo(1.6).Within(1e-6));
            Assert.That(scores[Figure.DiceMax], Is.EqualTo(1.0 / 3).Within(1e-6));
        });
    }

    [Test]
    public void Slices_of_several_sizes_are_refused() => Assert.That(
        () => ImageScores.OfVolume(
        [
            (new SampledMasks([1], [1]), new MaskSet(new ImageSize(1, 1), [1])), (new SampledMasks([1, 1], [1, 1]), new MaskSet(new ImageSize(1, 2), [1, 1])),
        ]),
        Throws.ArgumentException.With.Message.StartsWith("There are 2 slices; give at least one, all of one size"));
}
