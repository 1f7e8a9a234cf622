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

    private static IEnumerable<string> Types(string code) => TopLevelType().Matches(code).Select(match => match.Groups["name"].Value);

    [GeneratedRegex(@"^(?:\w+ )*(?:class|struct|interface|enum|record|delegate [\w<>]+) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex TopLevelType();
}
