using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Imaging;

/// <summary>Gives each test a folder of its own.</summary>
internal abstract class FolderFixture
{
    protected TemporaryFolder Folder { get; private set; } = null!;

    [SetUp]
    public void MakeFolder() => Folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => Folder.Dispose();
}
