using System.Runtime.InteropServices;

namespace AmbiSSL;

/// <summary>How the C library hands out the memory of tensors on the CPU.</summary>
public static partial class NativeMemory
{
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MaximumMappings = -4;
    private const int TopPadBytes = 64 << 20;

    /// <summary>
    /// Keeps freed native memory in the process for the next step instead of giving it back to the system and taking it again, which
    /// costs a training step a fifth of its time and more. It acts on the whole process and cannot be undone, so applications call it,
    /// not the library. Memory still never exceeds what was in use at once, fragmentation aside. On systems without glibc nothing is done.
    /// </summary>
    /// <returns>Whether it took effect.</returns>
    public static bool KeepFreed()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal))
        {
            return false;
        }

        try
        {
            return SetOption(MaximumMappings, 0) != 0 && SetOption(TrimThreshold, int.MaxValue) != 0 && SetOption(TopPad, TopPadBytes) != 0;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);
}
