using AmbiSSL.Torch.Training;

namespace AmbiSSL.Cli.Experiments;

/// <summary>Writes a line at the end of each epoch, and counts steps.</summary>
internal sealed class EpochLines(TextWriter output) : IProgress<TrainingProgress>
{
    /// <summary>Optimisation steps so far.</summary>
    public long Steps { get; private set; }

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        if (!value.IsEpochEnd)
        {
            return;
        }

        Steps += value.StepsPerEpoch;
        var losses = string.Join(", ", value.Losses.Select(loss => FormattableString.Invariant($"{loss.Key} {loss.Value:F4}")));
        output.WriteLine(FormattableString.Invariant(
            $"  epoch {value.Epoch} of {value.Epochs}: {losses}; {value.ImagesPerSecond:F0} images/s, {value.Remaining:hh\\:mm\\:ss} left"));
        output.Flush();
    }
}
