using Microsoft.ML;

namespace AmbiSSL.Experiments.Runs;

/// <summary>The beginning of a run's training, timed.</summary>
internal static class TimedTraining
{
    /// <summary>Trains as the run would, unlabeled images from the first step on, and stops when enough steps are timed.</summary>
    /// <param name="source">The data set.</param>
    /// <param name="run">The run.</param>
    /// <param name="steps">Steps that are timed, past the first ones.</param>
    /// <param name="limit">Time after which no more steps are.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The line that tells it.</returns>
    /// <exception cref="UsageException">The training is over before a step could be timed.</exception>
    public static string Measure(ImageSource source, ExperimentRun run, int steps, TimeSpan limit, CancellationToken cancellation)
    {
        using var timer = new StepTimer(steps, limit);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(timer.End, cancellation);
        var folder = Directory.CreateTempSubdirectory("ambissl-time-").FullName;
        try
        {
            var options = run.Options is SemiSupervisedOptions both ? both with { WarmUpEpochs = 0 } : run.Options;
            var parts = FoldParts.Of(source.Records, run);
            var segmentation = new MLContext(run.Seed).AmbiguousSegmentation();
            var place = new RunOptions { Device = run.Device, CheckpointDirectory = folder, Progress = timer, CancellationToken = end.Token };
            segmentation.Trainers.Create(options, run: place).Fit(segmentation.KeepAnnotations(
                segmentation.FilterSubjects(segmentation.Load(source), parts.Train), parts.Labeled)).Dispose();
        }
        catch (OperationCanceledException) when (timer.End.IsCancellationRequested)
        {
            // As planned, after the last timed step.
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return timer.Steps == 0
            ? throw new UsageException($"{run}: the training is over before a step could be timed; give more images or epochs.")
            : FormattableString.Invariant($"{run.Name}, fold {run.Fold}, batch {run.Options.Training.BatchSize}, {run.Device}: ")
                + FormattableString.Invariant($"{1000 * timer.SecondsPerStep:F1} ms a step ({timer.Steps} steps and ")
                + FormattableString.Invariant($"{timer.EpochEnds} ends of epochs timed); its {run.Options.Epochs} epochs of {timer.AllSteps:N0} steps take ")
                + FormattableString.Invariant($"{timer.AllSteps * timer.SecondsPerStep / 60:F1} minutes");
    }
}
