using System.Text.RegularExpressions;
using NUnit.Framework;

namespace AmbiSSL.Architecture.Tests;

/// <summary>A type is found by its file's name.</summary>
public sealed partial class SourceFileTests
{
    [TestCase("AmbiSSL.Torch")]
    [TestCase("AmbiSSL.MLNet")]
    [TestCase("AmbiSSL.Cli")]
    public void A_file_holds_the_one_type_that_it_is_named_after(string project)
    {
        var files = new SourceFiles(project);

        Assert.That(
            files.Paths.Where(path => path != "Program.cs")
                .Select(path => $"{path} holds {string.Join(" and ", Types(files.Code(path)))}"),
            Is.EqualTo(files.Paths.Where(path => path != "Program.cs")
                .Select(path => $"{path} holds {Path.GetFileNameWithoutExtension(path)}")));
    }

    [Test]
    public void No_two_files_of_a_project_have_the_same_name([Values("AmbiSSL.Torch", "AmbiSSL.MLNet", "AmbiSSL.Cli")] string project) =>
        Assert.That(new SourceFiles(project).Paths.Select(path => Path.GetFileName(path)), Is.Unique);

    [Test]
    public void What_works_around_TorchSharp_says_who_knows_of_it_and_when_it_can_go()
    {
        var files = new SourceFiles("AmbiSSL.Torch");

        Assert.That(
            from path in files.Paths
            where path.StartsWith("Foundation/TorchSharp/", StringComparison.Ordinal)
            where !Regex.IsMatch(files.Text(path), "Upstream[: ]") || !Regex.IsMatch(files.Text(path), @"hen to[\s/]+delete this:")
            select path,
            Is.Empty);
    }

    private static IEnumerable<string> Types(string code) => TopLevelType().Matches(code).Select(match => match.Groups["name"].Value);

    [GeneratedRegex(@"^(?:\w+ )*(?:class|struct|interface|enum|record|delegate [\w<>]+) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex TopLevelType();
}
