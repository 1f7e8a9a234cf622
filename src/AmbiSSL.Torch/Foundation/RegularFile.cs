using System.Runtime.InteropServices;

namespace AmbiSSL.Torch.Foundation;

/// <summary>
/// Opens files of others for reading, and nothing else that has a name: a pipe would be waited for without end, a device may never end.
/// On systems other than Linux only folders are told apart.
/// </summary>
internal static partial class RegularFile
{
    private const int TooManyLinks = 40;
    private const int CurrentFolder = -100;
    private const uint OnlyType = 1;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file, or a symbolic link to it.</param>
    /// <param name="what">What error messages call it, as in "Image file".</param>
    /// <exception cref="FileNotFoundException">There is nothing of this name, or a link leads nowhere.</exception>
    /// <exception cref="InvalidDataException">It is no file, or its links lead in a loop.</exception>
    public static FileStream Open(string path, string what)
    {
        Require(path, what);
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
    }

    /// <summary>Checks that something is a file, without opening it.</summary>
    /// <inheritdoc cref="Open" path="/exception"/>
    public static void Require(string path, string what)
    {
        if (KindOf(path) is { } kind)
        {
            throw new InvalidDataException($"{what} '{path}' is {kind}, no file; give the name of a file.");
        }

        // A link that leads nowhere exists for .NET.
        var link = new FileInfo(path);
        if (!link.Exists || link.ResolveLinkTarget(returnFinalTarget: true) is { Exists: false })
        {
            throw new FileNotFoundException(
                link.LinkTarget is { } target ? $"{what} '{path}' is a link to '{target}', which does not exist." : $"{what} '{path}' does not exist.",
                path);
        }
    }

    /// <summary>What stands in the place of a file; null where a file does, or nothing.</summary>
    public static string? KindOf(string path)
    {
        if (Directory.Exists(path))
        {
            return "a folder";
        }

        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        if (GetStatus(CurrentFolder, path, 0, OnlyType, out var status) != 0)
        {
            return Marshal.GetLastPInvokeError() == TooManyLinks ? "a loop of links" : null;
        }

        return (status.Mode >> 12) switch
        {
            1 => "a pipe",
            2 or 6 => "a device",
            12 => "a socket",
            _ => null,
        };
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int GetStatus(int folder, string path, int flags, uint wanted, out Status status);

    // struct statx of Linux, the same on all processors.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(28)]
        public ushort Mode;
    }
}
