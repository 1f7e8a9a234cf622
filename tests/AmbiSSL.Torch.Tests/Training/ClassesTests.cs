using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Training;

/// <summary>What a training of several classes asks of its data, and what its model does through windows.</summary>
public sealed class ClassesTests
{
    private static readonly MaskClasses Classes = new(["upper", "middle", "lower"]);
    private static readonly SupervisedOptions Options = new()
    {
        Backbone = TinyData.Options.Backbone,
        LatentFilters = [4, 6],
        LatentConvolutionsPerBlock = 1,
        LatentDimensions = 2,
        BoundSamples = 2,
        Samples = 3,
        Epochs = 2,
        Seed = 7,
        Training = new TrainingOptions { BatchSize = 4, LearningRate = 1e-2 },
    };

    [Test]
    public void Validation_images_of_other_classes_are_refused()
    {
        using var images = TinyData.Images(TinyData.Shape, Classes);
        using var others = TinyData.Images(TinyData.Shape, new MaskClasses(["upper", "lower"]));

        Assert.That(
            () => SegmentationTrainer.Fit(images, Options, validation: others),
            Throws.ArgumentException.With.Message.StartsWith(
                "The masks of the validation images tell apart upper, lower, and those of the training images upper, middle, "
                + "lower; give masks of the same classes."));
    }

    [Test]
    public void A_training_is_validated_on_all_classes()
    {
        using var images = TinyData.Images(TinyData.Shape, Classes);
        var distances = new List<double?>();

        using var model = SegmentationTrainer.Fit(
            images, Options, new RunOptions { Progress = new Reporter(progress => distances.Add(progress.Validation?[Figure.Ged].Mean)) }, images);

        Assert.That(distances.OfType<double>(), Is.Not.Empty.And.All.InRange(0, 2));
    }

    [Test]
    public void A_model_of_other_classes_is_no_start()
    {
        using var images = TinyData.Images(TinyData.Shape, Classes);
        using var others = TinyData.Images(TinyData.Shape);
        using var model = SegmentationTrainer.Fit(others, Options with { Epochs = 1 });

        Assert.That(
            () => SegmentationTrainer.Fit(images, Options, from: model),
            Throws.ArgumentException.With.Message.StartsWith(
                "The model to start from is for masks of foreground, and these tell apart upper, middle, lower; give masks of the same classes."));
    }

    [Test]
    public void Through_windows_a_pixel_is_of_one_class_at_most()
    {
        var shape = new ImageShape(1, 24, 40);
        using var images = TinyData.Images(shape, Classes);
        var windows = new WindowOptions { Size = new ImageSize(16, 16) };
        using var model = SegmentationTrainer.Fit(images, Options with { Training = Options.Training with { Windows = windows } });
        var (masks, probability) = (new byte[5 * 3 * shape.PixelCount], new float[3 * shape.PixelCount]);

        model.SampleImage(TinyData.Image(shape, 1).Pixels, shape.Size, 5, masks, probability);

        for (var pixel = 0; pixel < shape.PixelCount; pixel++)
        {
            int[] own = [.. Enumerable.Range(0, 3).Select(k => (k * shape.PixelCount) + pixel)];
            Assert.That(own.Sum(place => probability[place]), Is.InRange(0, 1.0001f));
            Assert.That(Enumerable.Range(0, 5).Select(sample => own.Sum(place => masks[(sample * 3 * shape.PixelCount) + place])), Is.All.LessThanOrEqualTo(1));
        }
    }
}
