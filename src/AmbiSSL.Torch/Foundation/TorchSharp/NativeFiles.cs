using TorchSharp;

namespace AmbiSSL.Torch.Foundation;

/// <summary>What native libraries are called on this system, and where the runtime and NuGet put them.</summary>
/// <remarks>Upstream and when to delete this: with <see cref="TorchLibraries"/>.</remarks>
internal static class NativeFiles
{
    /// <summary>The folders that the runtime searches.</summary>
    public static string[] Searched { get; } =
        ((string?)AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The folders of TorchSharp's package, which scripts and notebooks load it from.</summary>
    public static string[] OfPackage { get; } = PackageFolders(Path.GetDirectoryName(typeof(torch).Assembly.Location));

    /// <summary>The file of a library, such as libc10.so of c10.</summary>
    public static string NameOf(string library) =>
        OperatingSystem.IsWindows() ? $"{library}.dll" : OperatingSystem.IsMacOS() ? $"lib{library}.dylib" : $"lib{library}.so";

    /// <summary>The path of a library in the first folder that has it; <see langword="null"/> where none has.</summary>
    public static string? Find(string library, params IEnumerable<string> folders) =>
        folders.Select(folder => Path.Combine(folder, NameOf(library))).FirstOrDefault(File.Exists);

    private static string[] PackageFolders(string? assembly) =>
        assembly is null ? [] : [assembly, Path.GetFullPath(Path.Combine(assembly, "..", "..", "runtimes", "linux-x64", "native"))];
}
