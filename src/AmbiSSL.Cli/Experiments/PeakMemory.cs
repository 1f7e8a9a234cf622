using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AmbiSSL.Cli.Experiments;

/// <summary>The most memory that this process held at once.</summary>
internal static partial class PeakMemory
{
    /// <summary>
    /// Gives back what is free and starts anew, so that a run is not charged with the memory of the one before. Only Linux can do so:
    /// elsewhere the peak is that of the process so far.
    /// </summary>
    public static void Reset()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _ = Trim(0);
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or DllNotFoundException or EntryPointNotFoundException)
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

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint padding);
}
