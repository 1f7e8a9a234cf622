using AmbiSSL.Torch.Tests.Imaging;
using AmbiSSL.Torch.Training;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Training;

/// <summary>Trainings that are canceled and keep the model so far.</summary>
internal sealed class KeptModelTests : FolderFixture
{
    // Theta warms up for the first epoch, in which nothing predicts yet.
    private static AmbiSSLOptions Options => TinyData.Options;

    private static RunOptions Keeping => new() { KeepsModelOnCancel = true };

    [Test]
    public void Canceled_after_an_epoch_the_model_is_that_of_a_run_that_ended_there_but_for_its_schedule()
    {
        var result = CancelAt(epoch: 2, step: 12, Keeping);

        byte[] weights = [];
        TinyRun.Train(Options, new RunOptions { AfterEpoch = (progress, model) => weights = progress.Epoch == 2 ? TinyRun.Describe(model!).Weights : weights });
        Assert.That((result.TrainedEpochs, result.Weights), Is.EqualTo((2, weights)));
    }

    [Test]
    public void Canceled_inside_an_epoch_the_model_counts_the_epochs_that_ended() =>
        Assert.That(CancelAt(epoch: 3, step: 10, Keeping).TrainedEpochs, Is.EqualTo(2));

    [Test]
    public void With_validation_it_is_the_best_so_far()
    {
        var epochs = 0;
        var best = double.PositiveInfinity;

        var result = CancelAt(epoch: 4, step: 10, Keeping, TinyRun.Validation, progress =>
            (epochs, best) = progress.Validation is { } scores && scores[Figure.Ged].Mean < best ? (progress.Epoch, scores[Figure.Ged].Mean) : (epochs, best));

        Assert.That(epochs, Is.GreaterThan(0));
        Assert.That(result.TrainedEpochs, Is.EqualTo(epochs));
    }

    [Test]
    public void Before_anything_that_predicts_has_begun_to_learn_there_is_none() =>
        Assert.That(() => CancelAt(epoch: 1, step: 10, Keeping), Throws.InstanceOf<OperationCanceledException>());

    [Test]
    public void The_same_run_goes_on_from_its_checkpoint()
    {
        var run = Keeping with { CheckpointDirectory = Folder.Path };

        CancelAt(epoch: 3, step: 10, run);

        TinyRun.Train(Options, run).AssertEquals(TinyRun.Train(Options));
        Assert.That(
            File.ReadLines(Folder.Combine(EpochTable.FileName)).Skip(1).Select(line => line.Split(',')[0]),
            Is.EqualTo(Enumerable.Range(1, Options.Epochs).Select(epoch => $"{epoch}")));
    }

    private static RunResult CancelAt(int epoch, int step, RunOptions run, ImageCache? validation = null, Action<TrainingProgress>? onReport = null)
    {
        using var cancellation = new CancellationTokenSource();
        var progress = new Reporter(report =>
        {
            onReport?.Invoke(report);
            if ((report.Epoch, report.Step) == (epoch, step))
            {
                cancellation.Cancel();
            }
        });
        return TinyRun.Train(Options, run with { CancellationToken = cancellation.Token, Progress = progress }, validation);
    }
}
