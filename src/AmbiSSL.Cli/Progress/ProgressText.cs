using System.Globalization;

namespace AmbiSSL.Cli.Progress;

/// <summary>Progress in words.</summary>
internal static class ProgressText
{
    /// <summary>Epoch, every loss term, speed and time left.</summary>
    public static string Line(TrainingProgress progress)
    {
        var losses = progress.Losses.Select(loss => string.Create(CultureInfo.InvariantCulture, $"{loss.Key} {loss.Value:F4}"));
        return $"epoch {progress.Epoch}/{progress.Epochs}  {string.Join("  ", losses)}  {Pace(progress.ImagesPerSecond, progress.Remaining)}";
    }

    /// <summary>Epoch, the loss that is minimised, speed and time left.</summary>
    public static string Short(TrainingProgress progress) => string.Create(
        CultureInfo.InvariantCulture,
        $"epoch {progress.Epoch}/{progress.Epochs}  loss {progress.Losses["total"]:F3}  {Pace(progress.ImagesPerSecond, progress.Remaining)}");

    /// <summary>Speed and time left.</summary>
    public static string Pace(double imagesPerSecond, TimeSpan remaining) =>
        string.Create(CultureInfo.InvariantCulture, $"{imagesPerSecond:F1} images/s  {Duration(remaining)} left");

    /// <summary>Hours, minutes and seconds.</summary>
    public static string Duration(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}");
}
