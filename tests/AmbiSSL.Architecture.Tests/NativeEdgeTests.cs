using System.Text.RegularExpressions;
using NUnit.Framework;

namespace AmbiSSL.Architecture.Tests;

/// <summary>What leaves the checks of the runtime is listed in <c>src/NATIVE.md</c>, with the test that holds its precondition.</summary>
public sealed partial class NativeEdgeTests
{
    private static readonly (string Name, Regex Pattern)[] Uses =
    [
        ("MemoryMarshal", new Regex(@"\bMemoryMarshal\.")),
        ("NativeLibrary", new Regex(@"\bNativeLibrary\.")),
        ("P/Invoke", new Regex(@"\[(LibraryImport|DllImport)\(")),
        ("Unsafe", new Regex(@"\bUnsafe\.|\b(Load|Store)Unsafe\b")),
        ("UnsafeAccessor", new Regex(@"\[UnsafeAccessor\(")),
        ("pinning", new Regex(@"\bGCHandle\.")),
        ("stackalloc", new Regex(@"\bstackalloc\b")),
        ("unsafe", new Regex(@"\bunsafe\b")),
    ];

    private static readonly (string File, string Uses, string[] Tests)[] Rows =
    [
        .. Row().Matches(File.ReadAllText(Path.Combine(SourceFiles.Repository(), "src", "NATIVE.md"))).Select(row => (
            row.Groups["file"].Value, row.Groups["uses"].Value, row.Groups["tests"].Value.Split(", "))),
    ];

    [Test]
    public void Every_file_that_leaves_the_checks_of_the_runtime_is_listed_with_what_it_uses() => Assert.That(
        Rows.Select(row => $"{row.File}: {row.Uses}"),
        Is.EquivalentTo(
            from project in (string[])["AmbiSSL.Torch", "AmbiSSL.MLNet", "AmbiSSL.Cli"]
            let files = new SourceFiles(project)
            from path in files.Paths
            let uses = Uses.Where(use => use.Pattern.IsMatch(files.Code(path))).Select(use => use.Name).ToArray()
            where uses.Length > 0
            select $"{project}/{path}: {string.Join(", ", uses)}"));

    [Test]
    public void Every_test_that_is_named_is_there()
    {
        var tests = Directory.EnumerateFiles(Path.Combine(SourceFiles.Repository(), "tests"), "*Tests.cs", SearchOption.AllDirectories)
            .Select(Path.GetFileNameWithoutExtension).ToHashSet();

        Assert.That(Rows.SelectMany(row => row.Tests).Where(test => !tests.Contains(test)), Is.Empty);
    }

    [GeneratedRegex(@"^\| `(?<file>[^`]+\.cs)` \| (?<uses>[^|]+) \| [^|]+ \| (?<tests>[^|]+) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
