using System.Diagnostics;
using AmbiSSL.Torch.Tests.Imaging;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Foundation;

internal sealed class AtomicFileTests : FolderFixture
{
    [Test]
    public void A_link_stays_and_what_it_leads_to_is_written()
    {
        var (link, target) = (Folder.Combine("latest.zip"), Folder.Combine("model.zip"));
        File.WriteAllText(target, "old");
        File.CreateSymbolicLink(link, target);

        AtomicFile.Write(link, Write);

        Assert.Multiple(() =>
        {
            Assert.That(new FileInfo(link).LinkTarget, Is.EqualTo(target));
            Assert.That(File.ReadAllText(target), Is.EqualTo("new"));
        });
    }

    [Test]
    public void A_link_to_a_file_that_is_not_there_yet_makes_it()
    {
        var (link, target) = (Folder.Combine("latest.zip"), Folder.Combine("model.zip"));
        File.CreateSymbolicLink(link, target);

        AtomicFile.Write(link, Write);

        Assert.That(File.ReadAllText(target), Is.EqualTo("new"));
    }

    [Test]
    [Platform("Linux", Reason = "Elsewhere pipes and devices are not told apart.")]
    public void What_is_no_file_is_refused_and_stays()
    {
        var pipe = Folder.Combine("pipe");
        using var make = Process.Start("mkfifo", [pipe]);
        make.WaitForExit();

        Assert.Multiple(() =>
        {
            Assert.That(
                () => AtomicFile.Write(pipe, Write),
                Throws.TypeOf<IOException>().With.Message.EqualTo($"'{pipe}' is a pipe, in whose place no file can be written; give another name."));
            Assert.That(Directory.GetFileSystemEntries(Folder.Path), Is.EqualTo(new[] { pipe }));
            Assert.That(new FileInfo(pipe).Length, Is.Zero);
        });
    }

    [Test]
    public void A_folder_is_refused() => Assert.That(
        () => AtomicFile.Write(Folder.Path, Write),
        Throws.TypeOf<IOException>().With.Message.EqualTo($"'{Folder.Path}' is a folder, in whose place no file can be written; give another name."));

    [Test]
    public void A_folder_that_is_missing_is_told_by_the_name_of_the_file()
    {
        var path = Path.Combine(Folder.Path, "none", "model.zip");
        Assert.That(
            () => AtomicFile.Write(path, Write),
            Throws.TypeOf<DirectoryNotFoundException>().With.Message.EqualTo($"'{path}' was not written, because its folder does not exist; make it."));
    }

    [Test]
    public void A_name_may_be_as_long_as_the_system_allows()
    {
        var path = Folder.Combine(new string('n', 255));

        AtomicFile.Write(path, Write);

        Assert.That(Directory.GetFileSystemEntries(Folder.Path), Is.EqualTo(new[] { path }));
    }

    [Test]
    public void A_name_that_is_longer_is_told()
    {
        var path = Folder.Combine(new string('n', 300));
        Assert.That(
            () => AtomicFile.Write(path, Write),
            Throws.InstanceOf<IOException>().With.Message.Contains("too long").And.Message.Not.Contains(".tmp"));
    }

    private static void Write(Stream stream) => stream.Write("new"u8);
}
