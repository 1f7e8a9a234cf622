namespace AmbiSSL.Torch.Foundation;

/// <summary>
/// TorchSharp's own library over libtorch. That of TorchSharp 0.107 for Linux asks for GLIBCXX_3.4.32 (GCC 13) because of one symbol, which
/// keeps it from loading on Debian 12 and Ubuntu 22.04. There a copy without that requirement is loaded from memory; TorchSharp then finds it by
/// its SONAME. Where the library loads as it is, nothing is done. The environment variable AMBISSL_NATIVE_COMPATIBILITY=0 switches this off.
/// </summary>
/// <remarks>
/// Upstream: dotnet/TorchSharp issue 218 ("Linux native binary portability issues", closed) was the same with GLIBCXX_3.4.26, and pull
/// request 220 took the library back to GLIBCXX_3.4.21; that it asks for 3.4.32 now is not reported. When to delete this: when it asks for
/// no more than GLIBCXX_3.4.30, as a build with GCC 12 does.
/// </remarks>
internal static class TorchSharpWrapper
{
    /// <summary>What TorchSharp calls it.</summary>
    public const string Name = "LibTorchSharp";

    private const string Switch = "AMBISSL_NATIVE_COMPATIBILITY";

    /// <summary>Loads its file on Linux.</summary>
    /// <returns>Its handle; 0 elsewhere, and where the file is not found.</returns>
    /// <exception cref="DllNotFoundException">It does not load on this system, or not with this libtorch.</exception>
    public static nint LoadFile()
    {
        if (!OperatingSystem.IsLinux() || NativeFiles.Find(Name, [.. NativeFiles.Searched, .. NativeFiles.OfPackage]) is not { } path)
        {
            return 0;
        }

        // A library in memory has no folder to look for others in: all that it asks for must be loaded.
        LibTorchFolder.Loaded()?.Load();
        try
        {
            return LinuxLibrary.Load(path);
        }
        catch (DllNotFoundException e)
        {
            return ElfVersionPatch.Apply(File.ReadAllBytes(path)) is { } corrected
                ? LoadCorrected(corrected, e)
                : throw new DllNotFoundException(Sentence(e), e);
        }
    }

    private static nint LoadCorrected(byte[] library, DllNotFoundException first)
    {
        if (Environment.GetEnvironmentVariable(Switch) == "0")
        {
            throw new DllNotFoundException($"{Sentence(first)} The correction for older C++ runtimes is switched off by {Switch}=0.", first);
        }

        try
        {
            return LinuxLibrary.Load(NativeFiles.NameOf(Name), library);
        }
        catch (DllNotFoundException e)
        {
            throw new DllNotFoundException($"{Sentence(first)} Nor does a corrected copy: {e.Message}.", e);
        }
    }

    private static string Sentence(Exception e) => $"TorchSharp's native library does not load on this system: {e.Message}.";
}
