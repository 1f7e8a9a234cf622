using System.Text;
using AmbiSSL.Torch.Foundation;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Foundation.TorchSharp;

[Platform("Linux")]
internal sealed class ElfVersionPatchTests
{
    private static readonly byte[] Library = File.ReadAllBytes(
        Directory.EnumerateFiles(AppContext.BaseDirectory, "libLibTorchSharp.so", SearchOption.AllDirectories).First());

    [Test]
    public void The_library_of_the_package_is_changed_in_its_name_of_one_symbol_and_in_one_version_alone()
    {
        var patched = ElfVersionPatch.Apply(Library)!;

        Assert.That(patched, Has.Length.EqualTo(Library.Length));
        Assert.That(patched.AsSpan().Count("_ZSt21ios_base_library_initv"u8), Is.EqualTo(Library.AsSpan().Count("_ZSt21ios_base_library_initv"u8) - 1));
        Assert.That(Enumerable.Range(0, patched.Length).Count(i => patched[i] != Library[i]), Is.InRange(1, 40));
    }

    [Test]
    public void What_has_another_form_is_left_alone()
    {
        Assert.That(ElfVersionPatch.Apply([]), Is.Null);
        Assert.That(ElfVersionPatch.Apply(Encoding.ASCII.GetBytes(new string('x', 1000))), Is.Null);
        Assert.That(ElfVersionPatch.Apply(ElfVersionPatch.Apply(Library)!), Is.Null);
    }
}
