using System.Runtime.InteropServices;

namespace AmbiSSL.Torch.Foundation;

/// <summary>
/// A folder with libtorch where the runtime does not search: one that the environment variable AMBISSL_LIBTORCH names, such as that of a
/// PyTorch with CUDA, or the application's folder <c>libtorch</c>, where a tool keeps its own so that another can stand in for it.
/// </summary>
/// <remarks>
/// Upstream: TorchSharp takes a libtorch that was loaded before it looks, as its error messages say, but it loads one that lies beside the
/// application even then, and two in one process end it (dotnet/TorchSharp issue 169). When to delete this: when TorchSharp can be told a folder.
/// </remarks>
internal sealed class LibTorchFolder
{
    /// <summary>The environment variable that names a folder.</summary>
    public const string Variable = "AMBISSL_LIBTORCH";

    /// <summary>The library that the wrapper and TorchSharp ask for first.</summary>
    public const string Core = "torch_cpu";

    // In the order in which they need each other; the third is there with CUDA alone.
    private static readonly string[] Libraries = ["c10", Core, "torch_cuda", "torch"];

    // What the wrapper was built on, and what it was run on: others may give functions another meaning under the same name.
    private static readonly Version[] Known = [new(2, 10), new(2, 11)];

    private readonly string _path;

    private LibTorchFolder(string path) => _path = path;

    /// <summary>The folder to load libtorch from; <see langword="null"/> where the runtime finds it by itself.</summary>
    /// <exception cref="DllNotFoundException">The variable names a folder without libtorch, or the application brings another.</exception>
    public static LibTorchFolder? Choose()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } named)
        {
            var own = Path.Combine(AppContext.BaseDirectory, "libtorch");
            return NativeFiles.Find(Core, own) is null ? null : new LibTorchFolder(own);
        }

        if (NativeFiles.Find(Core, named) is null)
        {
            throw new DllNotFoundException(
                $"{Variable} names '{named}', where there is no {NativeFiles.NameOf(Core)}; name a folder with libtorch, such as torch/lib of PyTorch.");
        }

        return NativeFiles.Find(Core, NativeFiles.Searched) is not { } beside
            ? new LibTorchFolder(Path.GetFullPath(named))
            : throw new DllNotFoundException(
                $"{Variable} names '{named}', but the application brings a libtorch of its own, {beside}, and a process can have one alone. Build the "
                + $"application without TorchSharp-cpu, TorchSharp-cuda-windows and TorchSharp-cuda-linux, or unset {Variable}.");
    }

    /// <summary>The folder of the libtorch that this process has loaded already; <see langword="null"/> where it has none. On Linux alone.</summary>
    public static LibTorchFolder? Loaded()
    {
        var name = $"/{NativeFiles.NameOf(Core)}";
        return File.ReadLines("/proc/self/maps").FirstOrDefault(line => line.Contains(name, StringComparison.Ordinal)) is { } line
            ? new LibTorchFolder(line[line.IndexOf('/')..line.IndexOf(name, StringComparison.Ordinal)])
            : null;
    }

    /// <summary>Loads the libraries.</summary>
    /// <returns>The handle of <see cref="Core"/>.</returns>
    /// <exception cref="DllNotFoundException">One does not load, or they are of a version that TorchSharp does not know.</exception>
    public nint Load()
    {
        nint core = 0;
        foreach (var library in Libraries)
        {
            if (NativeFiles.Find(library, _path) is { } path)
            {
                var handle = LoadLibrary(path);
                core = library == Core ? handle : core;
            }
        }

        CheckVersion(core);
        return core;
    }

    private static nint LoadLibrary(string path)
    {
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new DllNotFoundException($"libtorch does not load: {e.Message}", e);
        }
    }

    private unsafe void CheckVersion(nint core)
    {
        // Major, minor and patch in the three highest bytes; libtorch before 2.7 has no such function.
        var number = NativeLibrary.TryGetExport(core, "aoti_torch_abi_version", out var function) ? ((delegate* unmanaged<ulong>)function)() : 0;
        var version = new Version((int)(number >> 56), (int)(number >> 48) & 0xFF);
        if (!Known.Contains(version))
        {
            throw new DllNotFoundException(
                $"libtorch in '{_path}' is of version {(number == 0 ? "2.6 or before" : version)}, "
                + $"and TorchSharp 0.107 works with {Known[0]} and {Known[1]} alone; let the environment variable {Variable} name the folder of such a one.");
        }
    }
}
