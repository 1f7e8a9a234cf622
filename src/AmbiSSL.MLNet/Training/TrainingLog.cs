using System.Globalization;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Training;

/// <summary>Hands progress on to a listener and, once an epoch, to ML.NET's log.</summary>
/// <param name="channel">Channel of the log.</param>
/// <param name="listener">The user's listener, if there is one.</param>
/// <param name="onReport">Called at each report.</param>
internal sealed class TrainingLog(IChannel channel, IProgress<TrainingProgress>? listener, Action onReport) : IProgress<TrainingProgress>
{
    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        onReport();
        listener?.Report(value);
        if (value.IsEpochEnd)
        {
            channel.Info(MessageSensitivity.None, "{0}", Describe(value));
        }
    }

    /// <summary>One line: epoch, loss terms, validation, speed and time left.</summary>
    public static string Describe(TrainingProgress progress)
    {
        var losses = string.Join(
            ", ", progress.Losses.Select(loss => string.Create(CultureInfo.InvariantCulture, $"{loss.Key} {loss.Value:F4}")));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Epoch {progress.Epoch} of {progress.Epochs}: {losses}; {Validation(progress)}{Speed(progress)}, {Duration(progress.Remaining)} left");
    }

    private static string Validation(TrainingProgress progress) => progress.Validation is { } scores
        ? string.Create(CultureInfo.InvariantCulture, $"validation GED {scores[Figure.Ged].Mean:F4}, Dice soft {scores[Figure.DiceSoft].Mean:F4}; ")
        : "";

    private static string Speed(TrainingProgress progress) =>
        string.Create(CultureInfo.InvariantCulture, $"{progress.ImagesPerSecond:F1} images/s");

    private static string Duration(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}");
}
