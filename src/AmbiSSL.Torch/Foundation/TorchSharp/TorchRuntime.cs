using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using AmbiSSL.Torch.Foundation;
using TorchSharp;

namespace AmbiSSL;

/// <summary>
/// Makes TorchSharp's native libraries load, from the folder that the environment variable AMBISSL_LIBTORCH names where it names one. It runs by
/// itself when tensors are first needed; an application that calls TorchSharp before anything of AmbiSSL calls <see cref="EnsureLoaded"/> first.
/// </summary>
/// <remarks>
/// Upstream: see <c>TorchLibraries</c>; and TorchSharp says that a reference is missing where a library does not fit the system
/// (dotnet/TorchSharp issue 1264, "NotSupportedException: This application or script uses TorchSharp but doesn't contain a reference to
/// libtorch-cpu-win-x64", closed). When to delete this: when TorchSharp loads on Debian 12 as it is and names the library that does not.
/// </remarks>
public static class TorchRuntime
{
    private static readonly Lazy<bool> Loaded = new(Load);

    /// <summary>Loads libtorch and TorchSharp's native library once.</summary>
    /// <exception cref="DllNotFoundException">A library is missing or does not fit this system; the message says what to do.</exception>
    public static void EnsureLoaded() => _ = Loaded.Value;

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "It must be done before TorchSharp's static constructor, whoever triggers that.")]
    internal static void Register() => TorchLibraries.Register();

    private static bool Load()
    {
        TorchLibraries.Load();
        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
            return true;
        }
        catch (Exception e) when (e is NotSupportedException or TypeInitializationException or DllNotFoundException or FileNotFoundException)
        {
            throw new DllNotFoundException("TorchSharp did not start although its native libraries load; see the inner exception.", e);
        }
    }
}
