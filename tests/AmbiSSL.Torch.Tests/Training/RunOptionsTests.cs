using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Training;

public sealed class RunOptionsTests
{
    private static readonly string AFile = typeof(RunOptions).Assembly.Location;
    private static readonly string AFolder = AppContext.BaseDirectory;

    [Test]
    public void Defaults_are_the_documented_ones()
    {
        var run = new RunOptions();

        Assert.Multiple(() =>
        {
            Assert.That((run.CheckpointDirectory, run.TensorBoardDirectory, run.EpochTablePath), Is.EqualTo(((string?)null, (string?)null, (string?)null)));
            Assert.That(run.KeepsModelOnCancel, Is.False);
            Assert.That(run.CheckpointInterval, Is.EqualTo(TimeSpan.FromMinutes(10)));
            Assert.That(run.CacheLimitBytes, Is.EqualTo(268_435_456));
            Assert.That(run.Device, Is.EqualTo(ComputeDevice.Auto));
            Assert.That((run.Progress, run.AfterEpoch), Is.EqualTo(((IProgress<TrainingProgress>?)null, (Action<TrainingProgress, SegmentationModel?>?)null)));
            Assert.That(() => run.Validate(), Throws.Nothing);
        });
    }

    private static IEnumerable<TestCaseData> OutOfRange()
    {
        var good = new RunOptions();
        TestCaseData Case(RunOptions options, string message) => new TestCaseData(options, message).SetArgDisplayNames(message);
        yield return Case(good with { CheckpointDirectory = "" }, "Option CheckpointDirectory is ''; it must be null or the path of a folder.");
        yield return Case(
            good with { CheckpointInterval = TimeSpan.FromSeconds(-1) }, "Option CheckpointInterval is -00:00:01; it must be a time that is not negative.");
        yield return Case(good with { TensorBoardDirectory = "" }, "Option TensorBoardDirectory is ''; it must be null or the path of a folder.");
        yield return Case(good with { EpochTablePath = "" }, "Option EpochTablePath is ''; it must be null or the path of a file.");
        yield return Case(good with { CheckpointDirectory = AFile }, $"Option CheckpointDirectory is '{AFile}'; it must be null or the path of a folder.");
        yield return Case(good with { TensorBoardDirectory = AFile }, $"Option TensorBoardDirectory is '{AFile}'; it must be null or the path of a folder.");
        yield return Case(good with { EpochTablePath = AFolder }, $"Option EpochTablePath is '{AFolder}'; it must be null or the path of a file.");
        yield return Case(good with { CacheLimitBytes = -1 }, "Option CacheLimitBytes is -1; it must be a number of bytes that is not negative.");
    }

    [TestCaseSource(nameof(OutOfRange))]
    public void An_option_out_of_range_is_refused(RunOptions options, string message) =>
        Assert.That(options.Validate, Throws.ArgumentException.With.Message.StartsWith(message));

    [Test]
    public void After_each_epoch_the_model_so_far_can_draw_once_what_predicts_has_begun_to_learn()
    {
        var drawn = new List<(int Epoch, bool Drew)>();
        var (pixels, _) = TinyData.Image(TinyData.Shape, 1);
        using var model = SegmentationTrainer.Fit(TinyRun.Images, TinyData.Options with { Epochs = 3 }, new RunOptions
        {
            AfterEpoch = (progress, model) =>
            {
                model?.SampleMasks(pixels, 2, new byte[2 * TinyData.Shape.PixelCount], new float[TinyData.Shape.PixelCount]);
                drawn.Add((progress.Epoch, model is not null));
            },
        });

        Assert.That(drawn, Is.EqualTo(new[] { (1, false), (2, true), (3, true) }), "theta warms up for an epoch");
    }

    [Test]
    public void Drawing_after_an_epoch_does_not_change_the_training()
    {
        var (pixels, _) = TinyData.Image(TinyData.Shape, 1);
        var run = new RunOptions
        {
            AfterEpoch = (_, model) => model?.SampleMasks(pixels, 1, new byte[TinyData.Shape.PixelCount], new float[TinyData.Shape.PixelCount]),
        };

        TinyRun.Train(TinyData.Options, run).AssertEquals(TinyRun.Train(TinyData.Options));
    }
}
