using System.IO.Compression;
using System.Reflection;
using AmbiSSL.Torch.Foundation;

namespace AmbiSSL.Torch.Models;

/// <summary>The version of this package, which a model file has beside its description.</summary>
internal static class PackageVersion
{
    /// <summary>The name of the metadata that has it.</summary>
    public const string Key = "package";

    private const int MostLetters = 64;

    /// <summary>That of this build, such as <c>0.1.0</c>.</summary>
    public static string Own { get; } =
        typeof(PackageVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    /// <summary>A sentence, with a space before it, on what wrote a file that cannot be read; empty where it does not say so, or this version did.</summary>
    /// <param name="metadata">The metadata of the file.</param>
    public static string Remark(IReadOnlyDictionary<string, string> metadata) =>
        metadata.TryGetValue(Key, out var writer) && writer != Own && writer.Length is > 0 and <= MostLetters && !writer.Any(char.IsControl)
            ? $" It was written by AmbiSSL {writer}, and this is {Own}: load it with the version that wrote it, or train the model again with this one."
            : "";

    /// <summary>The same of the weights in an archive; empty where these cannot be read.</summary>
    /// <param name="path">The archive.</param>
    /// <param name="entry">The name of the weights in it.</param>
    public static string RemarkOfArchive(string path, string entry)
    {
        try
        {
            using var archive = ZipFile.OpenRead(path);
            using var stream = archive.Entries.FirstOrDefault(file => file.Name == entry)?.Open();
            return stream is null ? "" : Remark(SafetensorsHeader.Read(stream, path).Metadata);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or NotSupportedException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
