using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace AmbiSSL.Torch.Foundation;

/// <summary>
/// Names for what is written beside its place and renamed at the end. They tell which process writes, so that what a killed one left is known
/// and removed.
/// </summary>
internal static partial class TemporaryName
{
    // A name of 255 bytes is the longest that a file may have, and what is added to it takes up to 110.
    private const int LongestKept = 40;

    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(10);
    private static readonly ConcurrentDictionary<string, bool> Cleaned = new(StringComparer.Ordinal);

    /// <summary>
    /// A new name beside a file or folder, which begins with its name unless that is long. The first one in a folder removes what killed processes of this
    /// machine left there.
    /// </summary>
    /// <param name="path">The full path of the file or folder.</param>
    public static string Beside(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (Cleaned.TryAdd(folder, true) && Directory.Exists(folder))
        {
            RemoveLeftovers(folder);
        }

        var name = Path.GetFileName(path);
        var kept = name.Length > LongestKept ? "long-name" : name;
        return Path.Combine(folder, $"{kept}.{Guid.NewGuid():N}.{Environment.ProcessId}@{Environment.MachineName}.tmp");
    }

    /// <summary>Removes the files and folders under such names in a folder whose process has ended. Those of other machines stay.</summary>
    public static void RemoveLeftovers(string folder)
    {
        foreach (var path in Directory.EnumerateFileSystemEntries(folder, "*.tmp").Where(IsLeftover).ToArray())
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
            else
            {
                File.Delete(path);
            }
        }
    }

    private static bool IsLeftover(string path)
    {
        var name = Pattern().Match(Path.GetFileName(path));
        return name.Success
            && name.Groups["machine"].Value == Environment.MachineName
            && int.TryParse(name.Groups["process"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var process)
            && !IsRunning(process, File.GetLastWriteTimeUtc(path));
    }

    /// <summary>Whether the process that wrote something is there still: another may have its number, in a container always the same.</summary>
    public static bool IsRunning(int id, DateTime written)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited && process.StartTime.ToUniversalTime() < written + ClockTolerance;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"\.[0-9a-f]{32}\.(?<process>[0-9]+)@(?<machine>.+)\.tmp$")]
    private static partial Regex Pattern();
}
