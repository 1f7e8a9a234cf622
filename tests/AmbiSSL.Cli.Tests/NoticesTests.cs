using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AmbiSSL.Cli.Tests;

/// <summary>What the tool's package says of the software of others in it.</summary>
internal sealed partial class NoticesTests
{
    [Test]
    public void The_notices_name_the_packages_that_the_tool_holds_and_no_others()
    {
        var dependencies = JsonNode.Parse(File.ReadAllText(At("ambissl.deps.json")))!;
        var libraries = dependencies["targets"]![(string)dependencies["runtimeTarget"]!["name"]!]!.AsObject();
        var held = libraries
            .Where(library => (string?)dependencies["libraries"]![library.Key]!["type"] == "package")
            .Where(library => library.Value!["runtime"] is not null || library.Value["native"] is not null || library.Value["runtimeTargets"] is not null)
            .Select(library => library.Key.Split('/')[0])
            .Union(["libtorch-cpu-linux-x64", "libtorch-cpu-win-x64"]);     // in a folder of its own, which that file does not tell of

        var table = File.ReadAllText(At("tool-notices.txt")).ReplaceLineEndings("\n").Split("\n\n")
            .Single(part => part.StartsWith("package ", StringComparison.Ordinal));

        Assert.That(Row().Matches(table).Select(row => row.Groups["name"].Value).Skip(1), Is.EquivalentTo(held));
    }

    private static string At(string name) => Path.Combine(AppContext.BaseDirectory, name);

    [GeneratedRegex(@"^(?<name>[\w.-]+) ", RegexOptions.Multiline)]
    private static partial Regex Row();
}
