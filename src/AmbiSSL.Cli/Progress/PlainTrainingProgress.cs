namespace AmbiSSL.Cli.Progress;

/// <summary>
/// Lines for logs: the first and the last epoch's, and between them one an epoch, but no more than one in half a minute. Trainings side by side may report.
/// </summary>
internal sealed class PlainTrainingProgress(TextWriter output, TimeProvider clock) : IProgress<TrainingProgress>
{
    private readonly Pause _pause = new(clock);
    private readonly Lock _gate = new();

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        lock (_gate)
        {
            Write(value);
        }
    }

    private void Write(TrainingProgress value)
    {
        if (value.IsEpochEnd && (value.Epoch == 1 || value.Epoch == value.Epochs || _pause.IsOver))
        {
            output.WriteLine(value);
            output.Flush();
            _pause.Begin();
        }
    }
}
