using System.Runtime.InteropServices;

namespace AmbiSSL.Torch.Foundation;

/// <summary>
/// TorchSharp 0.107's libLibTorchSharp.so asks for GLIBCXX_3.4.32 (GCC 13) because of one symbol, which keeps it from loading on Debian 12
/// and Ubuntu 22.04. There a copy without that requirement is loaded before TorchSharp looks; TorchSharp then finds it by its SONAME. Where
/// the library loads as it is, nothing is done. The environment variable AMBISSL_NATIVE_COMPATIBILITY=0 switches this off.
/// </summary>
/// <remarks>
/// Upstream: dotnet/TorchSharp issue 218 ("Linux native binary portability issues", closed) was the same with GLIBCXX_3.4.26, and pull
/// request 220 took the library back to GLIBCXX_3.4.21; that it asks for 3.4.32 now is not reported. When to delete this: when it asks for
/// no more than GLIBCXX_3.4.30, as a build with GCC 12 does.
/// </remarks>
internal static class NativeLibraryCompatibility
{
    private const string Switch = "AMBISSL_NATIVE_COMPATIBILITY";
    private const string Wrapper = "libLibTorchSharp.so";

    private static readonly string[] Dependencies = ["libc10.so", "libtorch_cpu.so", "libtorch.so"];

    private static readonly Lazy<bool> Prepared = new(PrepareOnce);

    public static void Prepare() => _ = Prepared.Value;

    /// <summary>A sentence on why TorchSharp did not load.</summary>
    public static string Diagnose()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "TorchSharp's native library did not load: reference exactly one of the packages TorchSharp-cpu, TorchSharp-cuda-windows "
                + "or TorchSharp-cuda-linux in the application.";
        }

        if (Find("libtorch_cpu.so") is null)
        {
            return "libtorch was not found beside the application: reference exactly one of the packages TorchSharp-cpu or TorchSharp-cuda-linux "
                + $"in the application (searched: {string.Join(", ", SearchFolders())}).";
        }

        try
        {
            NativeLibrary.Free(NativeLibrary.Load(Find(Wrapper) ?? Wrapper));
            return "TorchSharp did not start although its native library loads; see the inner exception.";
        }
        catch (DllNotFoundException e)
        {
            var disabled = Environment.GetEnvironmentVariable(Switch) == "0" ? $" The cure for old C++ runtimes is switched off by {Switch}=0." : "";
            return $"TorchSharp's native library does not load on this system: {e.Message}{disabled}";
        }
    }

    private static bool PrepareOnce()
    {
        if (!OperatingSystem.IsLinux()
            || RuntimeInformation.ProcessArchitecture != Architecture.X64
            || Environment.GetEnvironmentVariable(Switch) == "0"
            || Find(Wrapper) is not { } wrapper)
        {
            return false;
        }

        foreach (var dependency in Dependencies)
        {
            if (Find(dependency) is { } path)
            {
                NativeLibrary.TryLoad(path, out _);
            }
        }

        return !NativeLibrary.TryLoad(wrapper, out _) && LoadPatchedCopy(wrapper);
    }

    private static bool LoadPatchedCopy(string wrapper)
    {
        if (ElfVersionPatch.Apply(File.ReadAllBytes(wrapper)) is not { } patched)
        {
            return false;
        }

        var folder = Directory.CreateTempSubdirectory("ambissl-");
        try
        {
            var copy = Path.Combine(folder.FullName, Wrapper);
            File.WriteAllBytes(copy, patched);
            return NativeLibrary.TryLoad(copy, out _);
        }
        finally
        {
            // The library stays mapped without its file.
            folder.Delete(recursive: true);
        }
    }

    private static string? Find(string name) => SearchFolders().Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static IEnumerable<string> SearchFolders() =>
        ((string?)AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append(AppContext.BaseDirectory)
            .Append(Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native"));
}
