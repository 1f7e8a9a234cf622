using AmbiSSL.Torch.Metrics;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Methods;

/// <summary>Each method learns to tell the annotators of synthetic lesions apart, of whom the first draws tightly and the last loosely.</summary>
[Category("Slow")]
public sealed class AnnotatorLearningTests
{
    private const int Annotators = 3;
    private const int Side = 32;
    private const int TrainingImages = 64;
    private const int TestImages = 16;

    private static IEnumerable<TestCaseData> Methods() =>
        ((SegmentationOptions[])[new GlobalConfusionMatrixOptions(), new PixelConfusionMatrixOptions(), new PiononoOptions()])
            .Select(options => new TestCaseData(options, 1).SetArgDisplayNames(options.MethodName, "seed 1"));

    [TestCaseSource(nameof(Methods))]
    public void Own_masks_are_ordered_as_the_styles_and_fit_their_own_annotator_best(SegmentationOptions options, int seed)
    {
        var lesions = new SyntheticLesions(new SyntheticLesionOptions
        {
            Images = TrainingImages + TestImages,
            Height = Side,
            Width = Side,
            Annotators = Annotators,
            Radius = 0.2,
            StyleSpread = 1.5,
            Seed = seed,
        });
        using var model = SegmentationTrainer.Fit(TrainingSet(lesions), options with
        {
            Backbone = new UNetBackbone { Filters = [8, 16, 32] },
            Epochs = 40,
            Seed = seed,
            Training = options.Training with { LearningRate = 3e-3 },
        });

        var (areas, dice) = Score(model, lesions);

        var own = Enumerable.Range(0, Annotators).Average(a => dice[a, a]);
        var others = (dice.Cast<double>().Sum() - (Annotators * own)) / (Annotators * (Annotators - 1));
        TestContext.Out.WriteLine($"Areas {string.Join(", ", areas.Select(area => $"{area:F1}"))}; Dice own {own:F3}, others {others:F3}.");
        Assert.Multiple(() =>
        {
            Assert.That(areas, Is.Ordered.Ascending);
            Assert.That(areas, Is.Unique);
            Assert.That(own, Is.GreaterThan(others + 0.01));
        });
    }

    private static ImageCache TrainingSet(SyntheticLesions lesions)
    {
        var images = new ImageCache(lesions.Format);
        for (var i = 0; i < TrainingImages; i++)
        {
            var image = lesions.Read(i);
            images.Add(image.Pixels, image.Annotations);
        }

        return images;
    }

    /// <summary>Mean area of each annotator's predicted mask, and mean Dice of predicted mask [a, .] with true mask [., b], on new images.</summary>
    private static (double[] Areas, double[,] Dice) Score(SegmentationModel model, SyntheticLesions lesions)
    {
        var (areas, dice) = (new double[Annotators], new double[Annotators, Annotators]);
        for (var i = TrainingImages; i < lesions.Count; i++)
        {
            var image = lesions.Read(i);
            var masks = new byte[Annotators * Side * Side];
            model.AnnotatorMasks(image.Pixels.ToFloats(), masks);
            var (predicted, drawn) = (BitMask.SetFromBytes(masks, Side, Side), BitMask.SetFromBytes(image.Annotations.Values, Side, Side));
            for (var a = 0; a < Annotators; a++)
            {
                areas[a] += (double)predicted[a].Area / TestImages;
                for (var b = 0; b < Annotators; b++)
                {
                    dice[a, b] += MaskOverlap.Dice(predicted[a], drawn[b]) / TestImages;
                }
            }
        }

        return (areas, dice);
    }
}
