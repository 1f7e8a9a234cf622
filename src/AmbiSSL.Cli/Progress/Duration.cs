using System.Globalization;

namespace AmbiSSL.Cli.Progress;

/// <summary>A time in words.</summary>
internal static class Duration
{
    /// <summary>Hours, minutes and seconds, such as <c>26:03:04</c>.</summary>
    public static string Text(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}");
}
