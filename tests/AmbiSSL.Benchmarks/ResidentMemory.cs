using System.Diagnostics;

namespace AmbiSSL.Benchmarks;

/// <summary>Physical memory of this process, in MiB.</summary>
internal static class ResidentMemory
{
    public static double Peak()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / 1048576.0;
    }

    public static double Now()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64 / 1048576.0;
    }
}
