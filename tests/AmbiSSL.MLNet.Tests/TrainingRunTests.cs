using System.Reflection;
using AmbiSSL.MLNet.Tests.Support;
using Microsoft.ML;

namespace AmbiSSL.MLNet.Tests;

public sealed class TrainingRunTests
{
    [Test]
    public void SeedOfTheOptions_ComesFirst()
    {
        using var model = TinyData.Context(seed: 5).Transforms.AmbiSSL(TinyData.Options with { Seed = 7 }).Fit(TinyData.View());

        Assert.That(model.Options.Seed, Is.EqualTo(7));
    }

    [Test]
    public void SeedOfTheContext_ComesSecond()
    {
        using var model = TinyData.Context(seed: 5).Transforms.AmbiSSL(TinyData.Options with { Seed = null }).Fit(TinyData.View());

        Assert.That(model.Options.Seed, Is.EqualTo(5));
    }

    [Test]
    public void SeedOfTheContext_IsFoundByTheTaskCatalogToo()
    {
        var estimator = TinyData.Context(seed: 5).AmbiguousSegmentation().Trainers.AmbiSSL(TinyData.Options with { Seed = null });
        using var model = estimator.Fit(TinyData.View());

        Assert.That(model.Options.Seed, Is.EqualTo(5));
    }

    [Test]
    public void SeedGivenNowhere_IsRandomAndRecorded()
    {
        var estimator = TinyData.Context().Transforms.AmbiSSL(TinyData.Options with { Seed = null });
        using var first = estimator.Fit(TinyData.View());
        using var second = estimator.Fit(TinyData.View());

        Assert.That(first.Options.Seed, Is.Not.Null.And.Not.EqualTo(second.Options.Seed));
    }

    [Test]
    public void SameSeed_GivesTheSameMasks()
    {
        using var again = TinyData.Estimator().Fit(TinyData.View());

        Assert.That(
            TinyData.Masks(again.Transform(TinyData.View())), Is.EqualTo(TinyData.Masks(TinyData.Shared.Transform(TinyData.View()))));
    }

    [Test]
    public void Log_HasALineForEachEpoch()
    {
        var messages = new List<string>();
        var mlContext = TinyData.Context();
        mlContext.Log += (_, e) => messages.Add(e.Message);
        using var model = mlContext.Transforms.AmbiSSL(TinyData.Options with { Epochs = 2 }).Fit(TinyData.View());

        Assert.That(messages, Has.One.Contains("Training ambissl on 6 images of 3x16x16, 4 of them labeled with up to 3 masks, seed 1"));
        Assert.That(messages, Has.One.Contains("epoch 1 of 2: ").And.One.Contains("epoch 2 of 2: "));
        Assert.That(
            messages.Single(message => message.Contains("epoch 2")),
            Does.Contain("total ").And.Contains("images/s, ").And.EndsWith("left"));
    }

    [Test]
    public void LogLine_HasTheValidation()
    {
        var messages = new List<string>();
        var mlContext = TinyData.Context();
        mlContext.Log += (_, e) => messages.Add(e.Message);
        using var model = mlContext.Transforms.AmbiSSL(TinyData.Options).Fit(TinyData.View(), TinyData.View());

        Assert.That(messages, Has.One.Contains("labeled with up to 3 masks, validated on 4 images, seed 1"));
        Assert.That(messages, Has.One.Match(@"epoch 1 of 1: .*; validation GED \d\.\d{4}, Dice soft \d\.\d{4}; .* images/s"));
    }

    [Test]
    public void CanceledTraining_GoesOnFromItsCheckpoint_WithItsOwnSeed()
    {
        var folder = Directory.CreateTempSubdirectory("ambissl-");
        try
        {
            using var cancellation = new CancellationTokenSource();
            var options = TinyData.Options with { Seed = null, Epochs = 2 };
            var run = new RunOptions { CheckpointDirectory = folder.FullName };
            var stopping = run with { Progress = new Listener(_ => cancellation.Cancel()), CancellationToken = cancellation.Token };
            Assert.That(() => TinyData.Estimator(options, run: stopping).Fit(TinyData.View()), Throws.TypeOf<OperationCanceledException>());

            using var continued = TinyData.Estimator(options, run: run).Fit(TinyData.View());

            using var expected = TinyData.Estimator(TinyData.Options with { Seed = continued.Options.Seed, Epochs = 2 }).Fit(TinyData.View());
            Assert.That(
                TinyData.Probability(continued.Transform(TinyData.View())), Is.EqualTo(TinyData.Probability(expected.Transform(TinyData.View()))));
            Assert.That(continued.Options, Is.EqualTo(expected.Options));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public void ImagesInATemporaryFile_GiveTheSameMasks()
    {
        using var model = TinyData.Estimator(TinyData.Options, run: new RunOptions { CacheLimitBytes = 0 }).Fit(TinyData.View());

        Assert.That(
            TinyData.Masks(model.Transform(TinyData.View())), Is.EqualTo(TinyData.Masks(TinyData.Shared.Transform(TinyData.View()))));
    }

    [Test]
    public void TemporaryFile_IsMadeInTheFolderOfTheContext()
    {
        var mlContext = TinyData.Context();
        mlContext.TempFilePath = Path.Combine(Path.GetTempPath(), "missing-" + Guid.NewGuid());

        Assert.That(
            () => mlContext.Transforms.AmbiSSL(TinyData.Options, run: new RunOptions { CacheLimitBytes = 0 }).Fit(TinyData.View()),
            Throws.InstanceOf<IOException>().With.Message.Contains($"'{mlContext.TempFilePath}'"));
    }

    [Test]
    public void Progress_ReachesTheListener()
    {
        var listener = new Listener(_ => { });
        using var model = TinyData.Estimator(TinyData.Options, run: new RunOptions { Progress = listener }).Fit(TinyData.View());

        Assert.That(listener.Last, Has.Property("Epoch").EqualTo(1).And.Property("IsEpochEnd").True);
    }

    [Test]
    public void OptionsOfTheModel_CanTrainAgain()
    {
        using var model = TinyData.Estimator().Fit(TinyData.View());
        using var again = TinyData.Estimator((AmbiSSLOptions)model.Options).Fit(TinyData.View());

        Assert.That(again.Options, Is.EqualTo(model.Options));
    }

    [Test]
    public void CanceledToken_EndsTheReading()
    {
        var data = new CountingDataView(TinyData.View());
        var token = new CancellationToken(canceled: true);

        Assert.That(
            () => TinyData.Estimator(TinyData.Options, run: new RunOptions { CancellationToken = token }).Fit(data),
            Throws.TypeOf<OperationCanceledException>()
                .With.Message.EqualTo("Training was canceled.")
                .And.Property("CancellationToken").EqualTo(token));
        Assert.That(data.Rows, Is.LessThanOrEqualTo(1));
    }

    [Test]
    public void CanceledToken_EndsTheTraining()
    {
        using var cancellation = new CancellationTokenSource();
        var listener = new Listener(_ => cancellation.Cancel());
        var run = new RunOptions { Progress = listener, CancellationToken = cancellation.Token };

        Assert.That(
            () => TinyData.Estimator(TinyData.Options with { Epochs = 1000 }, run: run).Fit(TinyData.View()),
            Throws.TypeOf<OperationCanceledException>());
        Assert.That(listener.Last!.Epoch, Is.LessThanOrEqualTo(2));
    }

    [Test]
    public void CanceledContext_EndsTheTraining()
    {
        var mlContext = TinyData.Context();
        var cancel = typeof(MLContext).GetMethod("CancelExecution", BindingFlags.Instance | BindingFlags.NonPublic)!;
        var listener = new Listener(_ => cancel.Invoke(mlContext, null));
        var estimator = mlContext.Transforms.AmbiSSL(TinyData.Options with { Epochs = 1000 }, run: new RunOptions { Progress = listener });

        Assert.That(() => estimator.Fit(TinyData.View()), Throws.TypeOf<OperationCanceledException>());
        Assert.That(listener.Last!.Epoch, Is.LessThanOrEqualTo(2));
    }

    private sealed class Listener(Action<TrainingProgress> onReport) : IProgress<TrainingProgress>
    {
        public TrainingProgress? Last { get; private set; }

        public void Report(TrainingProgress value)
        {
            Last = value;
            onReport(value);
        }
    }
}
