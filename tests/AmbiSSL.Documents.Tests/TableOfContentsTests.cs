using System.Text.RegularExpressions;
using NUnit.Framework;

namespace AmbiSSL.Documents.Tests;

/// <summary>The site's tables of contents lead to each of its pages.</summary>
public sealed partial class TableOfContentsTests
{
    private static readonly string Docs = Path.Combine(Document.Repository, "docs");

    [Test]
    public void Every_page_of_the_site_is_in_a_table_of_contents()
    {
        var pages = Document.All.Where(document => document.Path.StartsWith("docs/", StringComparison.Ordinal) && document.Path != "docs/index.md");

        Assert.That(pages.Select(page => page.FullPath), Is.SubsetOf(Entries()));
    }

    [Test]
    public void Every_page_in_a_table_of_contents_exists_once()
    {
        var pages = Entries().Where(entry => entry.EndsWith(".md", StringComparison.Ordinal)).ToArray();

        Assert.That(pages.Where(page => !File.Exists(page)), Is.Empty);
        Assert.That(pages, Is.Unique);
    }

    private static IEnumerable<string> Entries() =>
        from file in Directory.EnumerateFiles(Docs, "toc.yml", SearchOption.AllDirectories)
        where !file.Contains("_site") && !file.Contains(Path.Combine(Docs, "api"))
        from entry in Entry().Matches(File.ReadAllText(file))
        select Path.GetFullPath(entry.Groups["target"].Value, Path.GetDirectoryName(file)!);

    [GeneratedRegex(@"href: (?<target>\S+)")]
    private static partial Regex Entry();
}
