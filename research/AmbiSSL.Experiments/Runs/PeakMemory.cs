using System.Diagnostics;

namespace AmbiSSL.Experiments.Runs;

/// <summary>The most memory that this process held at once.</summary>
internal static class PeakMemory
{
    /// <summary>
    /// Starts anew, so that a run is not charged with the peak of the one before. Only Linux can do so: elsewhere the peak is that of the process
    /// so far.
    /// </summary>
    public static void Reset()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        try
        {
            if (OperatingSystem.IsLinux())
            {
                File.WriteAllText("/proc/self/clear_refs", "5");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The peak then is that of the process so far.
        }
    }

    /// <summary>The peak since <see cref="Reset"/>, in bytes.</summary>
    public static long Read()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
