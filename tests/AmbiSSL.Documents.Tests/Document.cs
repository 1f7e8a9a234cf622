using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace AmbiSSL.Documents.Tests;

/// <summary>A Markdown file of the repository: its code, its links and the places that links can point to.</summary>
internal sealed partial class Document
{
    private static readonly string[] Folders = ["docs", "nuget", "research", "samples", "src", "tests"];

    private Document(string path)
    {
        FullPath = path;
        Path = System.IO.Path.GetRelativePath(Repository, path).Replace('\\', '/');
        Lines = File.ReadAllLines(path);
    }

    /// <summary>The folder that holds the solution.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Every Markdown file.</summary>
    public static IEnumerable<Document> All { get; } =
        [.. Directory.EnumerateFiles(Repository, "*.md")
            .Concat(Folders.Select(folder => System.IO.Path.Combine(Repository, folder)).Where(Directory.Exists)
                .SelectMany(folder => Directory.EnumerateFiles(folder, "*.md", SearchOption.AllDirectories)))
            .Where(path => !BuildOutput().IsMatch(path.Replace('\\', '/')))
            .Order(StringComparer.Ordinal)
            .Select(path => new Document(path))];

    /// <summary>From the root of the disk on.</summary>
    public string FullPath { get; }

    /// <summary>From the repository on, with slashes.</summary>
    public string Path { get; }

    /// <summary>Blocks of C#.</summary>
    public IEnumerable<CodeBlock> CSharp
    {
        get
        {
            for (var line = 0; line < Lines.Length; line++)
            {
                if (Lines[line] == "```csharp")
                {
                    var end = Array.IndexOf(Lines, "```", line);
                    yield return new CodeBlock(this, line + 2, string.Join('\n', Lines[(line + 1)..end]));
                    line = end;
                }
            }
        }
    }

    /// <summary>Targets of links and pictures.</summary>
    public IEnumerable<string> Links =>
        Text.SelectMany(line => Link().Matches(CodeSpan().Replace(line, ""))).Select(link => link.Groups["target"].Value);

    /// <summary>Files and folders of the repository that code in a sentence names, such as <c>src/AmbiSSL.Cli</c>.</summary>
    public IEnumerable<string> NamedPaths => Text.SelectMany(line => CodeSpan().Matches(line))
        .Select(span => span.Value.Trim('`'))
        .Where(code => Folders.Any(folder => code.StartsWith(folder + "/", StringComparison.Ordinal)) && !code.Contains(' '));

    /// <summary>What a link's part after # can be: headings as GitHub spells them.</summary>
    public IEnumerable<string> Anchors => Text.Select(line => Heading().Match(line)).Where(heading => heading.Success)
        .Select(heading => NotInAnchors().Replace(heading.Groups["title"].Value.ToLowerInvariant(), "").Replace(' ', '-'));

    private string[] Lines { get; }

    /// <summary>Lines outside blocks of code.</summary>
    private IEnumerable<string> Text
    {
        get
        {
            var inside = false;
            foreach (var line in Lines)
            {
                var fence = line.StartsWith("```", StringComparison.Ordinal);
                if (!inside && !fence)
                {
                    yield return line;
                }

                inside ^= fence;
            }
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Path;

    private static string FindRepository([CallerFilePath] string file = "") =>
        System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(file)!, "..", ".."));

    [GeneratedRegex("/(bin|obj)/")]
    private static partial Regex BuildOutput();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("`[^`]+`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex("^#+ (?<title>.+)$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}
