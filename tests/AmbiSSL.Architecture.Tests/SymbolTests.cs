using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using NUnit.Framework;

namespace AmbiSSL.Architecture.Tests;

/// <summary>What debuggers of other people are told.</summary>
#if DEBUG
[Ignore("Only releases are built for other machines.")]
#endif
public sealed class SymbolTests
{
    [TestCase("AmbiSSL.Torch")]
    [TestCase("AmbiSSL.MLNet")]
    public void Symbols_name_sources_from_the_repository_on(string assembly)
    {
        using var symbols = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly + ".pdb")));
        var reader = symbols.GetMetadataReader();
        string[] sources = [.. reader.Documents.Select(document => reader.GetString(reader.GetDocument(document).Name))];
        Assert.That(sources, Is.Not.Empty.And.All.StartsWith($"/_/src/{assembly}/"));
    }

    [TestCase("AmbiSSL.Torch")]
    [TestCase("AmbiSSL.MLNet")]
    public void An_assembly_names_its_symbols_from_the_repository_on(string assembly)
    {
        using var image = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly + ".dll")));
        var entry = image.ReadDebugDirectory().Single(entry => entry.Type == DebugDirectoryEntryType.CodeView);
        Assert.That(image.ReadCodeViewDebugDirectoryData(entry).Path, Does.StartWith($"/_/src/{assembly}/"));
    }
}
