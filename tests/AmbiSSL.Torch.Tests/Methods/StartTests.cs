using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Methods;

/// <summary>No seed stands still: the starting weights of every method let it learn from the first step on.</summary>
[TestFixtureSource(typeof(RegisteredMethods), nameof(RegisteredMethods.Words))]
internal sealed class StartTests(string word)
{
    private static readonly ImageShape Shape = TinyData.Shape;

    [Test]
    public void Loss_falls_from_the_first_epoch_on_and_masks_have_about_the_size_of_the_annotations([Range(1, 5)] int seed)
    {
        var losses = new List<double>();
        var run = new RunOptions
        {
            Progress = new Reporter(progress =>
            {
                if (progress.IsEpochEnd)
                {
                    losses.Add(progress.Losses["total"]);
                }
            }),
        };
        using var images = TinyData.Images(Shape, count: 48);
        using var model = SegmentationTrainer.Fit(images, Options(seed), run);
        var (pixels, annotations) = TinyData.Image(Shape, seed: 100 + seed);
        var (masks, probability) = (new byte[annotations.Length], new float[Shape.PixelCount]);

        model.SampleMasks(pixels, 2, masks, probability);

        var (drawn, outlined) = (masks.Count(value => value > 0), annotations.Count(value => value > 0));
        Assert.Multiple(() =>
        {
            Assert.That(losses[1], Is.LessThan(losses[0]));
            Assert.That(drawn, Is.InRange(outlined / 4, 4 * outlined));
        });
    }

    /// <summary>Six epochs, of twelve steps, in which a method learns to draw.</summary>
    private SegmentationOptions Options(int seed)
    {
        var options = RegisteredMethods.Options(word) with
        {
            Backbone = new UNetBackbone { Filters = [8, 16], ConvolutionsPerBlock = 1 },
            Epochs = 6,
            Seed = seed,
        };
        return options switch
        {
            SemiSupervisedOptions semiSupervised => semiSupervised with { WarmUpEpochs = options.Epochs },
            DPersonaOptions dPersona => dPersona with { PersonalizationFraction = 0 },
            _ => options,
        };
    }
}
