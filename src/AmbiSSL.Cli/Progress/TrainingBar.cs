using Spectre.Console;

namespace AmbiSSL.Cli.Progress;

/// <summary>A bar over all steps, with a line of the losses above it at the end of each epoch.</summary>
internal sealed class TrainingBar(IAnsiConsole console, ProgressTask bar) : IProgress<TrainingProgress>
{
    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        bar.MaxValue = (double)value.Epochs * value.StepsPerEpoch;
        bar.Value = ((double)(value.Epoch - 1) * value.StepsPerEpoch) + value.Step;
        bar.Description = Markup.Escape(value.ToShortString());
        if (value.IsEpochEnd)
        {
            console.WriteLine(value.ToString());
        }
    }
}
