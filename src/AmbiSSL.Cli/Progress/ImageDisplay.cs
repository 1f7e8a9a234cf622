using System.Globalization;
using AmbiSSL.Cli.Data;
using Spectre.Console;

namespace AmbiSSL.Cli.Progress;

/// <summary>Shows work that takes one image after the other: a bar on a terminal, a line in half a minute elsewhere.</summary>
internal sealed class ImageDisplay
{
    private readonly Action<string> _show;
    private readonly string _activity;
    private readonly int _images;
    private readonly TimeProvider _clock;
    private readonly long _start;
    private int _done;

    private ImageDisplay(string activity, int images, TimeProvider clock, Action<ImageDisplay, string> show)
    {
        (_activity, _images, _clock) = (activity, images, clock);
        _start = clock.GetTimestamp();
        _show = text => show(this, text);
    }

    /// <summary>Does the work and shows how it goes.</summary>
    /// <param name="console">Where to show it.</param>
    /// <param name="activity">What is done to the images, such as <c>sampling</c>.</param>
    /// <param name="images">Number of images.</param>
    /// <param name="work">Does the work and calls what it is given after each image.</param>
    /// <param name="clock">Tells the time; null for the system's.</param>
    /// <returns>What the work returned.</returns>
    public static T Run<T>(IAnsiConsole console, string activity, int images, Func<Action, T> work, TimeProvider? clock = null)
    {
        clock ??= TimeProvider.System;
        if (console.Profile.Capabilities.Interactive)
        {
            return console.Progress()
                .AutoClear(true)
                .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
                .Start(context =>
                {
                    var bar = context.AddTask(activity, maxValue: Math.Max(1, images));
                    return work(new ImageDisplay(activity, images, clock, (display, text) =>
                    {
                        bar.Value = display._done;
                        bar.Description = Markup.Escape(text);
                    }).CountImage);
                });
        }

        var pause = new Pause(clock);
        return work(new ImageDisplay(activity, images, clock, (_, text) =>
        {
            if (pause.IsOver)
            {
                console.Profile.Out.Writer.WriteLine(text);
                console.Profile.Out.Writer.Flush();
                pause.Begin();
            }
        }).CountImage);
    }

    /// <summary>Does work that reads some images of a data set one after the other, and shows how it goes.</summary>
    /// <param name="console">Where to show it.</param>
    /// <param name="activity">What is done to the images.</param>
    /// <param name="source">All images.</param>
    /// <param name="positions">The positions of those that are read.</param>
    /// <param name="cancellation">Ends the work before the next image.</param>
    /// <param name="work">Does the work on the images that it is given.</param>
    /// <returns>What the work returned.</returns>
    public static T Run<T>(
        IAnsiConsole console, string activity, ImageSource source, IReadOnlyList<int> positions, CancellationToken cancellation, Func<ImageSource, T> work) =>
        Run(console, activity, positions.Count, onImage => work(new ImageSelection(source, positions, () =>
        {
            cancellation.ThrowIfCancellationRequested();
            onImage();
        })));

    private void CountImage()
    {
        _done++;
        var elapsed = _clock.GetElapsedTime(_start);
        var remaining = elapsed / _done * (_images - _done);
        _show(string.Create(
            CultureInfo.InvariantCulture,
            $"{_activity} {_done} of {_images}: {_done / elapsed.TotalSeconds:F1} images/s, {Duration.Text(remaining)} left"));
    }
}
