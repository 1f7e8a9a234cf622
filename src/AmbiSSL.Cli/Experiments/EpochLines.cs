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
        var losses = string.Join(", ", value.Losses.Select(loss => FormattableString.Invariant($"{loss.Key} {loss.Value:F4}")));
        output.WriteLine(FormattableString.Invariant(
            $"  epoch {value.Epoch} of {value.Epochs}: {losses}; {value.ImagesPerSecond:F0} images/s, {value.Remaining:hh\\:mm\\:ss} left"));
        output.Flush();
    }
}
