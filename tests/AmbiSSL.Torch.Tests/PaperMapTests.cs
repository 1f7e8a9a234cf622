using System.Reflection;
using System.Text.RegularExpressions;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests;

/// <summary>PAPER.md maps the paper to members and tests; every one of them exists, and each test executes its member.</summary>
public sealed partial class PaperMapTests
{
    private const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    private static readonly Lazy<IReadOnlyDictionary<string, HashSet<string>>> Executed = new(() =>
        ExecutedMembers.Of(Rows().Select(row => (string)row.Arguments[0]!), Rows().Select(row => (string)row.Arguments[1]!)));

    private static IEnumerable<TestCaseData> Rows() =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "PAPER.md"))
            .Select(line => Row().Match(line))
            .Where(match => match.Success)
            .Select(match => new TestCaseData(match.Groups["member"].Value, match.Groups["test"].Value)
                .SetArgDisplayNames(match.Groups["paper"].Value.Trim(), match.Groups["member"].Value));

    [TestCaseSource(nameof(Rows))]
    public void Member_and_test_exist(string member, string test)
    {
        Assert.That(Exists(typeof(AmbiSSLOptions).Assembly, member), member);
        Assert.That(Exists(typeof(PaperMapTests).Assembly, test), test);
    }

    [TestCaseSource(nameof(Rows))]
    public void Test_executes_its_member(string member, string test)
    {
        Assert.That(Executed.Value.ContainsKey(test), $"{test} did not run.");
        Assert.That(Executed.Value[test], Does.Contain(member), $"Whether {test} executes {member}:");
    }

    [Test]
    public void Every_equation_has_a_row()
    {
        var equations = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "PAPER.md"))
            .SelectMany(line => Equations().Matches(line))
            .SelectMany(match => match.Groups["numbers"].Value.Split(", "))
            .Select(numbers => numbers.Split('-').Select(int.Parse).ToArray())
            .SelectMany(range => Enumerable.Range(range[0], range[^1] - range[0] + 1));

        Assert.That(equations.Distinct(), Is.EquivalentTo(Enumerable.Range(1, 23)));
    }

    private static bool Exists(Assembly assembly, string name)
    {
        var parts = name.Split('.');
        return assembly.GetTypes().Any(type => type.Name == parts[0] && type.GetMember(parts[1], Any).Length > 0);
    }

    [GeneratedRegex(@"^\| (?<paper>(eq|section|Table)[^|]*)\|[^|]*\| `(?<member>[^`]+)` \| `(?<test>[^`]+)` \|$")]
    private static partial Regex Row();

    [GeneratedRegex(@"^\| eq\. (?<numbers>[\d, -]+) \|")]
    private static partial Regex Equations();
}
