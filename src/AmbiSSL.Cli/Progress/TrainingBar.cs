using Spectre.Console;

namespace AmbiSSL.Cli.Progress;

/// <summary>A bar over all steps, with a line of the losses above it at the end of each epoch; one for each training that goes on.</summary>
/// <param name="console">Where lines are written.</param>
/// <param name="context">Where bars are.</param>
internal sealed class TrainingBar(IAnsiConsole console, ProgressContext context) : IProgress<TrainingProgress>
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, ProgressTask> _bars = [];
    private readonly ProgressTask _first = context.AddTask("reading images");

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        lock (_gate)
        {
            var bar = BarOf(value.Fold ?? 0);
            bar.MaxValue = (double)value.Epochs * value.StepsPerEpoch;
            bar.Value = ((double)(value.Epoch - 1) * value.StepsPerEpoch) + value.Step;
            bar.Description = Markup.Escape(value.ToShortString());
            if (value.IsEpochEnd)
            {
                console.WriteLine(value.ToString());
            }
        }
    }

    private ProgressTask BarOf(int fold)
    {
        if (!_bars.TryGetValue(fold, out var bar))
        {
            bar = _bars.Count == 0 ? _first : context.AddTask("");
            _bars.Add(fold, bar);
        }

        return bar;
    }
}
