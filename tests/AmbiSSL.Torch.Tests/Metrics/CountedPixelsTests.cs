using AmbiSSL.Torch.Metrics;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Metrics;

public sealed class CountedPixelsTests
{
    private const int Side = 12;

    private static readonly ImageSize Whole = new(Side, Side);

    [Test]
    public void Figures_are_those_of_the_masks_cropped_to_the_pixels_that_count()
    {
        var random = new Random(1);
        byte[] Masks(int count) => [.. Enumerable.Range(0, count * Whole.PixelCount).Select(_ => (byte)random.Next(2))];
        var (samples, annotations) = (Masks(5), Masks(3));
        float[] probability = [.. Enumerable.Range(0, Whole.PixelCount).Select(_ => random.NextSingle())];

        // What one reader ignores of the frame the others do not: together they leave the middle.
        byte[] ignored =
            [.. Enumerable.Range(0, 3 * Whole.PixelCount).Select(i => IsOutside(i % Whole.PixelCount) && i % 3 == i / Whole.PixelCount ? (byte)1 : (byte)0)];
        var options = new FigureOptions { Figures = Figure.All };
        var scores = ImageScores.Compute(new SampledMasks(samples, probability), new MaskSet(Whole, annotations, ignored: ignored), options);

        var middle = new ImageSize(6, 6);
        T[] Crop<T>(T[] values) => Torch.Imaging.ImageGeometry.CropCenter(values, Whole, middle);
        var expected = ImageScores.Compute(new SampledMasks(Crop(samples), Crop(probability)), new MaskSet(middle, Crop(annotations)), options);
        Assert.Multiple(() =>
        {
            foreach (var figure in Figure.All.Where(figure => figure.IsPerImage))
            {
                Assert.That(scores[figure], Is.EqualTo(expected[figure]).Within(1e-12), figure.Name);
            }
        });
        Assert.That(new CountedPixels(new MaskSet(Whole, annotations, ignored: ignored)).Share, Is.EqualTo(0.25));
    }

    [Test]
    public void Where_no_mask_ignores_anything_nothing_is_copied()
    {
        var masks = new MaskSet(new ImageSize(1, 2), [1, 0], ignored: [0, 0]);

        Assert.That(masks.Ignored, Is.Empty);
        Assert.That(new CountedPixels(masks).Of<byte>(masks.Values) == masks.Values.AsSpan());
    }

    [Test]
    public void An_image_of_which_nothing_counts_has_no_figures() => Assert.That(
        () => ImageScores.Compute(new SampledMasks([1, 0], [0.5f, 0.5f]), new MaskSet(new ImageSize(1, 2), [1, 0, 0, 1], ignored: [0, 1, 1, 0])),
        Throws.ArgumentException.With.Message.StartsWith(
            "Every pixel of the image is ignored by one mask or another, so that no figure has any; leave it out."));

    private static bool IsOutside(int pixel) => pixel % Side is < 3 or > 8 || pixel / Side is < 3 or > 8;
}
