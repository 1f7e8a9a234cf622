using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace AmbiSSL.Architecture.Tests;

/// <summary>The C# files of a project, each named after the one type that it holds.</summary>
internal sealed partial class SourceFiles
{
    private readonly string _folder;

    /// <summary>Those of a project below <c>src</c>.</summary>
    public SourceFiles(string project)
    {
        _folder = Path.Combine(Repository(), "src", project);
        Paths = [.. Directory.EnumerateFiles(_folder, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(_folder, file).Replace('\\', '/'))
            .Where(path => !NotCompiled().IsMatch(path))
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>Paths from the project's folder on, with slashes.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>The folder right below the project's that a file is in; empty for a file beside the project.</summary>
    public static string TopFolder(string path) => path.Contains('/') ? path[..path.IndexOf('/')] : "";

    /// <summary>The file named after a type.</summary>
    public string Of(string type)
    {
        string[] files = [.. Paths.Where(path => Path.GetFileNameWithoutExtension(path) == type)];
        return files.Length == 1 ? files[0] : throw new FileNotFoundException($"One file must be named {type}.cs in {_folder}, not {files.Length}.");
    }

    /// <summary>A file's text without its comments.</summary>
    public string Code(string path) => Comment().Replace(Text(path), "");

    /// <summary>A file's text.</summary>
    public string Text(string path) => File.ReadAllText(Path.Combine(_folder, path));

    /// <summary>The folder that holds the solution.</summary>
    public static string Repository([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));

    [GeneratedRegex("^(bin|obj|build)/")]
    private static partial Regex NotCompiled();

    [GeneratedRegex("^ *//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();
}
