using System.Globalization;

namespace AmbiSSL.Torch.Tests;

/// <summary>By how much the resident memory of this process rose above where it began; 0 on systems that do not tell.</summary>
internal sealed class PeakMemory
{
    private const string ForgetPeak = "5";

    private readonly long _start;

    private PeakMemory()
    {
        if (OperatingSystem.IsLinux())
        {
            File.WriteAllText("/proc/self/clear_refs", ForgetPeak);
            _start = Peak();
        }
    }

    /// <summary>Bytes by which it rose so far.</summary>
    public long Growth => OperatingSystem.IsLinux() ? Peak() - _start : 0;

    /// <summary>Begins to measure.</summary>
    public static PeakMemory Start() => new();

    private static long Peak()
    {
        var line = File.ReadLines("/proc/self/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
