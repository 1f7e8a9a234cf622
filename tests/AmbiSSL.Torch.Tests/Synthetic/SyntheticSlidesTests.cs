using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Synthetic;

[TestFixture]
internal sealed class SyntheticSlidesTests
{
    private static readonly SyntheticSlideOptions Small = new() { Images = 6, Height = 400, Width = 300, Lesions = 5 };

    [Test]
    public void Options_have_the_documented_defaults()
    {
        var options = new SyntheticSlideOptions();

        Assert.That(
            (options.Images, options.Height, options.Width, options.Lesions, options.Annotators, options.StyleSpread, options.Seed),
            Is.EqualTo((8, 2000, 2000, 60, 4, 1.0, 0)));
    }

    [Test]
    public void More_lesions_than_there_are_fields_are_refused() => Assert.That(
        () => new SyntheticSlides(new SyntheticSlideOptions { Height = 400, Width = 300, Lesions = 7 }),
        Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.StartsWith(
            "Lesions is 7; it must be 1 to 6. Each is alone in a field of 128x128 pixels: larger images hold more."));

    [Test]
    public void Fields_lie_in_the_image_and_apart()
    {
        var fields = new SyntheticSlides(Small).Fields(1);

        Assert.That(fields, Is.Unique);
        Assert.That(fields, Has.All.Matches<ImageCrop>(field => field.Top % 128 == 0 && field.Left % 128 == 0 && field.Top <= 272 && field.Left <= 172));
    }

    [Test]
    public void Drawings_of_a_lesion_come_from_its_true_distribution()
    {
        var slides = new SyntheticSlides(Small);
        var truth = slides.TrueProbability(0, 2);

        var drawn = slides.DrawAnnotations(0, 2, count: 400, seed: 1);

        var worst = Enumerable.Range(0, truth.Length).Max(
            pixel => Math.Abs(Enumerable.Range(0, 400).Average(mask => (double)drawn[(mask * truth.Length) + pixel]) - truth[pixel]));
        Assert.That(worst, Is.LessThan(0.13), "five standard errors of a half");
    }

    [Test]
    public void Masks_of_an_image_hold_its_lesions_each_in_its_field()
    {
        var slides = new SyntheticSlides(Small);
        var image = slides.Read(0);
        var outside = image.Annotations[0].ToArray();
        foreach (var field in slides.Fields(0))
        {
            for (var row = field.Top; row < field.Top + 128; row++)
            {
                Assert.That(field.Left + 128, Is.LessThanOrEqualTo(300));
                outside.AsSpan((row * 300) + field.Left, 128).Clear();
            }
        }

        Assert.Multiple(() =>
        {
            Assert.That(outside, Has.All.Zero);
            Assert.That(Areas(slides, 0).Count(lesion => lesion.Any(area => area > 0)), Is.EqualTo(5));
            Assert.That(slides.Read(0).Pixels.Values<byte>().SequenceEqual(image.Pixels.Values<byte>()), "made on demand");
        });
    }

    [Test]
    public void Areas_of_two_lesions_of_an_image_do_not_vary_together()
    {
        var slides = new SyntheticSlides(new SyntheticSlideOptions { Images = 40, Height = 256, Width = 256, Lesions = 4 });
        var correlations = new List<double>();
        for (var image = 0; image < slides.Count; image++)
        {
            var lesions = Areas(slides, image).Select(Standardized).ToArray();
            correlations.AddRange(
                from a in Enumerable.Range(0, 4) from b in Enumerable.Range(0, a) select lesions[a].Zip(lesions[b]).Average(pair => pair.First * pair.Second));
        }

        // 240 pairs of four masks, whose correlation has a deviation of 1 / sqrt(3).
        Assert.That(correlations.Average(), Is.Zero.Within(0.11));
    }

    private static double[] Standardized(double[] values)
    {
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        return [.. values.Select(value => (value - mean) / Math.Max(deviation, 1e-9))];
    }

    /// <summary>The area of each lesion in each mask.</summary>
    private static double[][] Areas(SyntheticSlides slides, int image)
    {
        var masks = slides.Read(image).Annotations;
        return [.. slides.Fields(image).Select(field => Enumerable.Range(0, masks.Count).Select(mask =>
        {
            var area = 0.0;
            for (var row = field.Top; row < field.Top + 128; row++)
            {
                area += 128 - masks[mask].Slice((row * slides.Shape.Width) + field.Left, 128).Count((byte)0);
            }

            return area;
        }).ToArray())];
    }
}
