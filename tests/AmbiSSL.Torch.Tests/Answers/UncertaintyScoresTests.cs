using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Answers;

internal sealed class UncertaintyScoresTests
{
    private static readonly ImageSize Size = new(20, 40);

    [TestCase(10, 0.125, 1)]
    [TestCase(5, 0.03125, 0.25)]
    public void A_doubtful_square_counts_whole_in_its_patch_and_by_its_share_in_the_mean(int side, double mean, double patch)
    {
        var scores = UncertaintyScores.Of(Square(8, 21, side), Square(0, 0, 20), Size);

        Assert.That(scores.Mean, Is.EqualTo(mean).Within(1e-12));
        Assert.That(scores.PatchMaximum, Is.EqualTo(patch).Within(1e-12));
        Assert.That(scores.PerForegroundPixel, Is.EqualTo(side * side / 400.0).Within(1e-12));
    }

    [Test]
    public void An_image_smaller_than_a_patch_is_one()
    {
        var size = new ImageSize(2, 3);

        var scores = UncertaintyScores.Of([1, 0, 0, 0.5f, 0, 0], new float[6], size);

        Assert.That(scores.PatchMaximum, Is.EqualTo(0.25).Within(1e-12).And.EqualTo(scores.Mean));
        Assert.That(scores.PerForegroundPixel, Is.NaN);
    }

    [Test]
    public void Maps_of_another_size_are_refused()
    {
        Assert.That(
            () => UncertaintyScores.Of(new float[5], new float[800], Size),
            Throws.ArgumentException.With.Message.StartsWith("uncertainty has 5 values; 20x40"));
        Assert.That(
            () => UncertaintyScores.Of(new float[800], new float[5], Size),
            Throws.ArgumentException.With.Message.StartsWith("probability has 5 values; 20x40"));
        Assert.That(
            () => UncertaintyScores.Of(new float[800], new float[1601], Size, new MaskClasses(["core", "rim"])),
            Throws.ArgumentException.With.Message.StartsWith("probability has 1601 values; 2 classes of 20x40 need 1600."));
    }

    private static float[] Square(int top, int left, int side) =>
    [
        .. Enumerable.Range(0, Size.PixelCount)
            .Select(pixel => (pixel / Size.Width) - top is >= 0 and var y && y < side && (pixel % Size.Width) - left is >= 0 and var x && x < side ? 1f : 0f),
    ];

    [Test]
    public void A_pixel_that_is_more_probably_of_a_class_than_of_none_is_foreground()
    {
        // Of three pixels the first is core, the second neither though it is probably one of them, the third rim.
        float[] probability = [0.6f, 0.3f, 0.1f, 0.1f, 0.3f, 0.7f];

        var scores = UncertaintyScores.Of([1.2f, 1.5f, 0.9f], probability, new ImageSize(1, 3), new MaskClasses(["core", "rim"]));

        Assert.That(scores.PerForegroundPixel, Is.EqualTo(1.8).Within(1e-6));
    }
}
