using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Methods;

/// <summary>
/// Three readers, of whom r1 draws small discs, r2 middle ones and r3 large ones; each image has masks of two, half of r1 and r2, half of r1 and
/// r3.
/// </summary>
public sealed class ReadersTwoOfThreeTests : TorchFixture
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Cases", "readers_two_of_three");

    private static IEnumerable<TestCaseData> Methods() => ((SegmentationOptions[])
    [
        new GlobalConfusionMatrixOptions { MatrixLearningRate = 0.05 },
        new PixelConfusionMatrixOptions(),
        new PiononoOptions { AnnotatorSamples = 4 },
        new DPersonaOptions { LatentFilters = [4, 8], LatentConvolutionsPerBlock = 1, TrainingCodes = 20, PredictionCodes = 50 },
    ]).Select(options => new TestCaseData(options).SetArgDisplayNames(options.MethodName));

    [TestCaseSource(nameof(Methods))]
    public void By_number_each_is_learned_from_the_images_that_have_its_masks(SegmentationOptions options)
    {
        using var model = Train(options, ReaderIdentity.ByNumber);

        Assert.That(model.Readers, Is.EqualTo((string[])["r1", "r2", "r3"]));
        var areas = Areas(model);
        TestContext.Out.WriteLine(string.Join(", ", areas));
        Assert.That(areas[0], Is.LessThan(areas[2]));
        if (options is not DPersonaOptions)
        {
            // After so short a training its samples spread too little to tell the middle reader from another, whatever the seed.
            Assert.That(areas, Is.Ordered.Ascending.And.Unique);
        }
    }

    [TestCaseSource(nameof(Methods))]
    public void Otherwise_annotators_are_two_ranks(SegmentationOptions options)
    {
        using var model = Train(options with { Epochs = 2 }, ReaderIdentity.Named);

        Assert.That((model.Readers.Count, model.Annotators), Is.EqualTo((0, 2)));
    }

    private static SegmentationModel Train(SegmentationOptions options, ReaderIdentity readers)
    {
        var folder = ImageFolder.Open(Folder, reading: new ReadingOptions { Readers = readers });
        using var images = new ImageCache(folder.Format);
        for (var i = 0; i < folder.Count; i++)
        {
            var image = folder.Read(i);
            images.Add(image.Pixels, image.Annotations);
        }

        return SegmentationTrainer.Fit(images, options with
        {
            Backbone = new UNetBackbone { Filters = [4, 8, 16] },
            Epochs = options.Epochs == 2 ? 2 : 60,
            Seed = 1,
            Training = options.Training with { BatchSize = 4, LearningRate = 1e-2 },
        });
    }

    /// <summary>Mean over the images of the area that each annotator's foreground probability covers, in pixels.</summary>
    private static double[] Areas(SegmentationModel model)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var folder = ImageFolder.Open(Folder);
        var pixels = stack([.. Enumerable.Range(0, folder.Count).Select(i => tensor(folder.Read(i).Pixels.ToFloats()).view(1, 32, 32))]);
        var noise = randn(folder.Count, model.Method.AnnotatorNoiseVectors, model.Method.NoiseDimensions);
        return [.. model.Method.AnnotatorProbabilities(pixels, noise).sum([2, 3, 4]).mean([0]).data<float>().Select(area => (double)area)];
    }
}
