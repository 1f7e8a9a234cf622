namespace AmbiSSL.Cli.Progress;

/// <summary>Lines for logs: the first and the last epoch's, and between them one an epoch, but no more than one in half a minute.</summary>
internal sealed class PlainTrainingProgress(TextWriter output, TimeProvider clock) : IProgress<TrainingProgress>
{
    private readonly Pause _pause = new(clock);

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        if (value.IsEpochEnd && (value.Epoch == 1 || value.Epoch == value.Epochs || _pause.IsOver))
        {
            output.WriteLine(value);
            output.Flush();
            _pause.Begin();
        }
    }
}
