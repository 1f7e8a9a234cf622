using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;

namespace AmbiSSL.Torch.Foundation;

/// <summary>
/// Loads libtorch and TorchSharp's own library before TorchSharp looks for them. Where TorchSharp is used first, the runtime asks here for what
/// its own search does not find.
/// </summary>
/// <remarks>
/// Upstream: see <see cref="LibTorchFolder"/> and <see cref="TorchSharpWrapper"/>; besides, where TorchSharp finds a library that does not load, it
/// copies libtorch, half a gigabyte, out of the package cache and writes a trace of its search to the console (dotnet/TorchSharp issue 169).
/// When to delete this: with those two.
/// </remarks>
internal static class TorchLibraries
{
    private static readonly Assembly TorchSharp = typeof(torch).Assembly;

    // A library from memory would be there twice if it were loaded again.
    private static readonly Lazy<nint> WrapperFile = new(LoadWrapperFile);

    /// <summary>From now on the runtime asks here for what its own search does not find.</summary>
    public static void Register() =>
        AssemblyLoadContext.GetLoadContext(TorchSharp)!.ResolvingUnmanagedDll += (assembly, name) => assembly != TorchSharp ? 0 : name switch
        {
            LibTorchFolder.Core => LibTorchFolder.Choose()?.Load() ?? 0,
            TorchSharpWrapper.Name => WrapperFile.Value,
            _ => 0,
        };

    /// <summary>Loads them.</summary>
    /// <returns>The handle of TorchSharp's own library.</returns>
    /// <exception cref="DllNotFoundException">One is missing or does not fit this system; the message says what to do.</exception>
    public static nint Load()
    {
        if (WrapperFile.Value is var wrapper and not 0 || NativeLibrary.TryLoad(TorchSharpWrapper.Name, TorchSharp, null, out wrapper))
        {
            return wrapper;
        }

        throw new DllNotFoundException(
            "TorchSharp's native library does not load: it is for Windows and Linux on x64 and macOS on Arm, and of one version with the libtorch "
            + "that TorchSharp-cpu, TorchSharp-cuda-windows or TorchSharp-cuda-linux brings.");
    }

    private static nint LoadWrapperFile()
    {
        if (LibTorchFolder.Choose() is { } folder)
        {
            folder.Load();
        }
        else if (!NativeLibrary.TryLoad(LibTorchFolder.Core, TorchSharp, null, out _))
        {
            throw new DllNotFoundException(
                "libtorch was not found: reference exactly one of the packages TorchSharp-cpu, TorchSharp-cuda-windows or TorchSharp-cuda-linux in "
                + $"the application, or let the environment variable {LibTorchFolder.Variable} name a folder with libtorch, such as torch/lib of PyTorch.");
        }

        return TorchSharpWrapper.LoadFile();
    }
}
