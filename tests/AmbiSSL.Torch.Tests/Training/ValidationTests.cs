using AmbiSSL.Torch.Metrics;
using AmbiSSL.Torch.Tests.Imaging;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Training;

internal sealed class ValidationTests : FolderFixture
{
    private static readonly SupervisedOptions Options = new()
    {
        Backbone = TinyData.Options.Backbone,
        LatentFilters = TinyData.Options.LatentFilters,
        LatentConvolutionsPerBlock = 1,
        LatentDimensions = 2,
        BoundSamples = 3,
        Samples = 4,
        Epochs = 6,
        Training = TinyData.Options.Training with { LearningRate = 5e-3 },
        Seed = 7,
    };

    /// <summary>Nothing is learned, so no validation is better than the first.</summary>
    private static readonly SupervisedOptions Standing = Options with
    {
        Backbone = new UNetBackbone { Filters = [4, 6, 8], ConvolutionsPerBlock = 1, BatchNormalization = false },
        Training = Options.Training with { LearningRate = 1e-30 },
    };

    [Test]
    public void The_model_is_that_of_the_epoch_with_the_lowest_distance()
    {
        var distances = new List<double>();
        using var model = SegmentationTrainer.Fit(
            TinyRun.Images, Options, new RunOptions { Progress = OfEpochs(p => distances.Add(p.Validation![Figure.Ged].Mean)) }, TinyRun.Validation);

        Assert.Multiple(() =>
        {
            Assert.That(distances, Has.Count.EqualTo(Options.Epochs));
            Assert.That(model.TrainedEpochs, Is.EqualTo(distances.IndexOf(distances.Min()) + 1));
            Assert.That(Distance(model), Is.EqualTo(distances.Min()));
        });
    }

    [Test]
    public void Without_a_validation_set_the_model_is_that_of_the_last_epoch()
    {
        var scores = new List<ScoreSummary?>();
        using var model = SegmentationTrainer.Fit(
            TinyRun.Images, Options with { Epochs = 2 }, new RunOptions { Progress = OfEpochs(p => scores.Add(p.Validation)) });

        Assert.That(model.TrainedEpochs, Is.EqualTo(2));
        Assert.That(scores, Is.EqualTo(new ScoreSummary?[] { null, null }));
    }

    [Test]
    public void Of_equal_epochs_the_first_is_taken()
    {
        using var model = SegmentationTrainer.Fit(TinyRun.Images, Standing, validation: TinyRun.Validation);

        Assert.That(model.TrainedEpochs, Is.EqualTo(1));
    }

    [Test]
    public void Unlabeled_validation_images_do_not_count()
    {
        ScoreSummary? scores = null;
        using var model = SegmentationTrainer.Fit(
            TinyRun.Images, Options with { Epochs = 1 }, new RunOptions { Progress = OfEpochs(p => scores = p.Validation) }, TinyRun.Validation);

        Assert.That(scores!.Count, Is.EqualTo(2));
    }

    [Test]
    public void Validation_does_not_change_the_training()
    {
        var (with, without) = (new List<double>(), new List<double>());
        using var first = SegmentationTrainer.Fit(
            TinyRun.Images, TinyData.Options, new RunOptions { Progress = new Reporter(p => with.Add(p.Losses["total"])) }, TinyRun.Validation);
        using var second = SegmentationTrainer.Fit(
            TinyRun.Images, TinyData.Options, new RunOptions { Progress = new Reporter(p => without.Add(p.Losses["total"])) });

        Assert.That(with, Is.EqualTo(without));
    }

    [Test]
    public void Every_so_many_epochs_and_after_the_last_one()
    {
        var validated = new List<int>();
        using var model = SegmentationTrainer.Fit(
            TinyRun.Images,
            Options with { Epochs = 5, Training = Options.Training with { ValidationEvery = 2 } },
            new RunOptions { Progress = Validated(validated) },
            TinyRun.Validation);

        Assert.That(validated, Is.EqualTo((int[])[2, 4, 5]));
    }

    [Test]
    public void Not_before_the_decoder_that_predicts_has_begun_to_learn()
    {
        var validated = new List<int>();
        using var model = SegmentationTrainer.Fit(
            TinyRun.Images, TinyData.Options with { Epochs = 4, WarmUpEpochs = 2 }, new RunOptions { Progress = Validated(validated) }, TinyRun.Validation);

        Assert.That(validated, Is.EqualTo((int[])[3, 4]));
    }

    [Test]
    public void Training_ends_after_so_many_validations_without_improvement()
    {
        var epochs = new List<int>();
        using var model = SegmentationTrainer.Fit(
            TinyRun.Images,
            Standing with { Training = Standing.Training with { EarlyStoppingPatience = 2 } },
            new RunOptions { Progress = OfEpochs(p => epochs.Add(p.Epoch)) },
            TinyRun.Validation);

        Assert.That(epochs, Is.EqualTo((int[])[1, 2, 3]));
        Assert.That(model.TrainedEpochs, Is.EqualTo(1));
    }

    [Test]
    public void Patience_outlasts_interruptions()
    {
        var options = Standing with { Training = Standing.Training with { EarlyStoppingPatience = 2 } };

        var (result, interruptions) = TinyRun.TrainInPieces(options, new RunOptions { CheckpointDirectory = Folder.Path }, TinyRun.Validation);

        Assert.That((result.TrainedEpochs, interruptions), Is.EqualTo((1, (2 * 3) - 1)), "three epochs, all but the last report followed by another start");
    }

    [Test]
    public void The_epochs_are_saved_with_the_model()
    {
        using var model = SegmentationTrainer.Fit(TinyRun.Images, Standing with { Epochs = 2 }, validation: TinyRun.Validation);
        var path = Folder.Combine("model.safetensors");
        model.Save(path);

        using var loaded = SegmentationModel.Load(path);

        Assert.That(loaded.TrainedEpochs, Is.EqualTo(1));
    }

    [Test]
    public void Patience_without_a_validation_set_is_refused() => Assert.That(
        () => SegmentationTrainer.Fit(TinyRun.Images, Options with { Training = Options.Training with { EarlyStoppingPatience = 3 } }),
        Throws.ArgumentException.With.Message.StartsWith(
            "EarlyStoppingPatience is 3, but there is no validation set to tell improvement by; give one, or leave it null."));

    [Test]
    public void Validation_images_of_another_size_are_refused() => Assert.That(
        () => SegmentationTrainer.Fit(TinyRun.Images, Options, validation: TinyData.Images(new ImageShape(1, 16, 20))),
        Throws.ArgumentException.With.Message.StartsWith("The validation images are 1x16x20 and the training images 1x16x16; they must have one size."));

    [Test]
    public void Validation_images_without_annotations_are_refused()
    {
        var images = new ImageCache(TinyData.Shape);
        images.Add(TinyData.Image(TinyData.Shape, 1).Pixels, []);

        Assert.That(
            () => SegmentationTrainer.Fit(TinyRun.Images, Options, validation: images),
            Throws.ArgumentException.With.Message.StartsWith("None of the 1 validation images has an annotation; at least one must."));
    }

    private static Reporter OfEpochs(Action<TrainingProgress> report) => new(p =>
    {
        if (p.IsEpochEnd)
        {
            report(p);
        }
    });

    private static Reporter Validated(List<int> epochs) => new(p =>
    {
        if (p.Validation is not null)
        {
            epochs.Add(p.Epoch);
        }
    });

    /// <summary>Mean distance on the validation images, by way of the public members.</summary>
    private static double Distance(SegmentationModel model)
    {
        var distances = new List<double>();
        for (var i = 0; i < 2; i++)
        {
            var (pixels, annotations) = TinyData.Image(TinyData.Shape, 1000 + i);
            var masks = new byte[Options.Samples * TinyData.Shape.PixelCount];
            model.SampleMasks(pixels, Options.Samples, masks, new float[TinyData.Shape.PixelCount]);
            distances.Add(GeneralizedEnergyDistance.VStatistic(
                BitMask.SetFromBytes(masks, 16, 16), BitMask.SetFromBytes(annotations, 16, 16)));
        }

        return distances.Average();
    }
}
