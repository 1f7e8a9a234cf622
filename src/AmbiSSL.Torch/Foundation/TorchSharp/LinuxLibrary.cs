using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace AmbiSSL.Torch.Foundation;

/// <summary>
/// Loads libraries on Linux with all their functions bound at once: where another library lacks one of them, that is the reason why this one does
/// not load, and not the end of the process at the first call.
/// </summary>
/// <remarks>
/// Upstream: <see cref="NativeLibrary"/> binds functions when they are called first and loads from files alone; not reported. When to delete this:
/// with <see cref="TorchSharpWrapper"/>.
/// </remarks>
internal static partial class LinuxLibrary
{
    private const int BindAtOnce = 2;
    private const uint CloseOnExecution = 1;

    /// <summary>Loads a file.</summary>
    /// <exception cref="DllNotFoundException">It does not load; the message is the loader's.</exception>
    public static unsafe nint Load(string path)
    {
        // Whatever the runtime looks up between a failure and the question for its reason ends the reason, the function that is asked too.
        _ = LastError();
        fixed (byte* text = Encoding.UTF8.GetBytes($"{path}\0"))
        {
            var handle = Open(text, BindAtOnce);
            var reason = LastError();
            return handle != 0 ? handle : throw new DllNotFoundException(Marshal.PtrToStringUTF8(reason));
        }
    }

    /// <summary>Loads a library from memory; nothing is written to a disk.</summary>
    /// <exception cref="DllNotFoundException">It does not load, or the system allows no programs in memory.</exception>
    public static nint Load(string name, ReadOnlySpan<byte> content)
    {
        var descriptor = CreateMemoryFile(name, CloseOnExecution);
        if (descriptor < 0)
        {
            throw new DllNotFoundException($"{name} cannot be held in memory: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        // It stays open: the loader knows the library by this path, which must not come to stand for another file.
        RandomAccess.Write(new SafeFileHandle(descriptor, ownsHandle: false), content, fileOffset: 0);
        return Load($"/proc/self/fd/{descriptor}");
    }

    [LibraryImport("libdl.so.2", EntryPoint = "dlopen")]
    private static unsafe partial nint Open(byte* path, int flags);

    [LibraryImport("libdl.so.2", EntryPoint = "dlerror")]
    private static partial nint LastError();

    [LibraryImport("libc.so.6", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int CreateMemoryFile(string name, uint flags);
}
