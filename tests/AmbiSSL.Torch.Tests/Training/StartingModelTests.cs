using AmbiSSL.Torch.Tests.Imaging;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Training;

/// <summary>Trainings that start from a trained model.</summary>
internal sealed class StartingModelTests : FolderFixture
{
    private static readonly SupervisedOptions Options = new()
    {
        Backbone = TinyData.Options.Backbone, Samples = 3, Epochs = 1, Seed = 7, LatentFilters = [4, 6], LatentDimensions = 2,
        Training = new TrainingOptions { BatchSize = 4, LearningRate = 1e-3 },
    };

    private static ImageCache Images => TinyData.Images(TinyData.Shape);

    private SegmentationModel _from = null!;

    [OneTimeSetUp]
    public void Train() => _from = SegmentationTrainer.Fit(Images, Options);

    [OneTimeTearDown]
    public void Free() => _from.Dispose();

    [Test]
    public void A_training_starts_from_the_weights_of_the_model()
    {
        // Steps so small that 32 bits hardly show them.
        using var model = SegmentationTrainer.Fit(Images, Slow(seed: 8), from: _from);
        using var other = SegmentationTrainer.Fit(Images, Slow(seed: 8));

        Assert.That(Weights(model), Is.EqualTo(Weights(_from)).Within(1e-6));
        Assert.That(Weights(other), Is.Not.EqualTo(Weights(_from)).Within(1e-3));
    }

    [Test]
    public void Images_may_have_fewer_masks_than_the_model_has_annotators()
    {
        using var model = SegmentationTrainer.Fit(TinyData.Images(TinyData.Shape, annotators: 1), Slow(seed: 7), from: _from);

        Assert.That(model.Annotators, Is.EqualTo(2));
    }

    [Test]
    public void What_does_not_match_is_named()
    {
        var shape = TinyData.Shape;
        Refused(Images, TinyData.Options, "The model to start from is of supervised, and the options are of ambissl; give options of its method.");
        Refused(
            Images,
            Options with { Backbone = new UNetBackbone { Filters = [4, 8] } },
            "The model to start from has networks of another size than the options: there is no weight 'net.enc.");
        Refused(
            TinyData.Images(shape with { Channels = shape.Channels + 1 }), Options,
            $"The model to start from is for images of {shape.Channels} channels, and these have {shape.Channels + 1}; give images of as many channels.");
        Refused(
            TinyData.Images(shape, annotators: 3), Options,
            "The model to start from is for 2 annotators, and an image has 3 masks; give images of at most as many.");
        Refused(
            Images, Options with { Training = Options.Training with { IntensityWindow = new IntensityWindow(0, 1) } },
            "The model to start from is of an intensity window of none, and this training's is 0,1; set IntensityWindow to the model's.");
    }

    [Test]
    public void A_checkpoint_belongs_to_the_model_that_the_run_started_from()
    {
        var run = new RunOptions { CheckpointDirectory = Folder.Path };
        SegmentationTrainer.Fit(Images, Options, run, from: _from).Dispose();

        SegmentationTrainer.Fit(Images, Options, run, from: _from).Dispose();
        Assert.That(
            () => SegmentationTrainer.Fit(Images, Options, run),
            Throws.InvalidOperationException.With.Message.Contains("it started from another model, or now starts from none"));
    }

    private static SupervisedOptions Slow(int seed) => Options with { Seed = seed, Training = Options.Training with { LearningRate = 1e-12 } };

    private static float[] Weights(SegmentationModel model) =>
        [.. model.Method.parameters().SelectMany(weight => weight.detach().cpu().data<float>().ToArray())];

    private void Refused(ImageCache images, SegmentationOptions options, string message) => Assert.That(
        () => SegmentationTrainer.Fit(images, options, from: _from), Throws.ArgumentException.With.Message.StartsWith(message));
}
