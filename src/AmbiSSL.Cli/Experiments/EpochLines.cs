namespace AmbiSSL.Cli.Experiments;

/// <summary>Writes a line at the end of each epoch, which the tally counts.</summary>
internal sealed class EpochLines(TextWriter output, TrainingTally tally) : IProgress<TrainingProgress>
{
    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        if (!value.IsEpochEnd)
        {
            return;
        }

        tally.EndEpoch(value);
        output.WriteLine($"  {value}");
        output.Flush();
    }
}
