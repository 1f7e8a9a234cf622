using System.Runtime.InteropServices;

namespace AmbiSSL.Torch.Foundation;

/// <summary>The calling thread's floating-point environment, as the C library reads and writes it.</summary>
/// <remarks>Upstream and when to delete this: with <see cref="DenormalNumbers"/>.</remarks>
internal static partial class FloatingPointEnvironment
{
    [LibraryImport("libm.so.6", EntryPoint = "fegetenv")]
    public static partial int Get(Span<byte> environment);

    [LibraryImport("libm.so.6", EntryPoint = "fesetenv")]
    public static partial int Set(Span<byte> environment);
}
