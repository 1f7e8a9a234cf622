using NUnit.Framework;

namespace AmbiSSL.Documents.Tests;

/// <summary>What documents point to is there.</summary>
public sealed class LinkTests
{
    private static IEnumerable<TestCaseData> Documents => Document.All.Select(document => new TestCaseData(document).SetArgDisplayNames(document.Path));

    [TestCaseSource(nameof(Documents))]
    public void Links_lead_to_a_file_and_a_heading(object document) => Assert.That(Broken((Document)document), Is.Empty);

    [TestCaseSource(nameof(Documents))]
    public void Named_files_and_folders_exist(object document) =>
        Assert.That(((Document)document).NamedPaths.Where(path => !Path.Exists(Path.Combine(Document.Repository, path))), Is.Empty);

    private static IEnumerable<string> Broken(Document document) =>
        from link in document.Links
        where !Uri.TryCreate(link, UriKind.Absolute, out _)
        let parts = link.Split('#')
        let file = parts[0] == "" ? document.FullPath : Path.GetFullPath(parts[0], Path.GetDirectoryName(document.FullPath)!)
        where !Path.Exists(file) || (parts.Length > 1 && !Anchors(file).Contains(parts[1]))
        select link;

    private static IEnumerable<string> Anchors(string file) =>
        Document.All.Where(document => document.FullPath == file).SelectMany(document => document.Anchors);
}
