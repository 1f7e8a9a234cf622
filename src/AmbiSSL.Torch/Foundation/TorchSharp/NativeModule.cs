using System.Runtime.InteropServices;
using System.Text;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Foundation;

/// <summary>What libtorch holds of a module, for the constructor of <see cref="nn.Module{T, TResult}"/> that takes it.</summary>
/// <remarks>
/// The constructor that takes a name asks for a second, boxed handle of the same module, which only libtorch's own sequences would use; 64 bytes
/// of it are never freed (<c>modShared</c> in THSNN_custom_module), 17 KB for each model with a ResNet34 that is loaded and disposed. Here none is
/// asked for.
/// <para>
/// Upstream: not reported. When to delete this: when <c>THSNN_custom_module</c> keeps no <c>shared_ptr</c> on the heap.
/// </para>
/// </remarks>
internal static unsafe class NativeModule
{
    private static readonly delegate* unmanaged<byte*, nint, nint*, nint> Constructor = FindConstructor();

    /// <summary>A new module, whose owner frees it when it is disposed.</summary>
    /// <param name="name">Name of the module.</param>
    public static nint Create(string name)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes($"{name}\0"))
        {
            var module = Constructor(text, 0, null);
            return module != 0 ? module : throw new OutOfMemoryException($"There is no memory for the module {name}.");
        }
    }

    private static delegate* unmanaged<byte*, nint, nint*, nint> FindConstructor()
    {
        TorchRuntime.EnsureLoaded();
        return (delegate* unmanaged<byte*, nint, nint*, nint>)NativeLibrary.GetExport(TorchLibraries.Load(), "THSNN_custom_module");
    }
}
