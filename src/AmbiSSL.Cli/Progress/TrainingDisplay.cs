using Spectre.Console;

namespace AmbiSSL.Cli.Progress;

/// <summary>Shows a training run: a bar with a line an epoch above it on a terminal, a line now and then elsewhere.</summary>
internal static class TrainingDisplay
{
    /// <summary>Trains and shows how it goes.</summary>
    /// <param name="console">Where to show it.</param>
    /// <param name="train">Trains and reports to the listener.</param>
    /// <param name="clock">Tells plain lines the time; null for the system's.</param>
    /// <returns>What the training returned.</returns>
    public static T Run<T>(IAnsiConsole console, Func<IProgress<TrainingProgress>, T> train, TimeProvider? clock = null)
    {
        if (!console.Profile.Capabilities.Interactive)
        {
            return train(new PlainTrainingProgress(console.Profile.Out.Writer, clock ?? TimeProvider.System));
        }

        return console.Progress()
            .AutoClear(true)
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .Start(context => train(new TrainingBar(console, context)));
    }
}
