using NUnit.Framework;

namespace AmbiSSL.Architecture.Tests;

/// <summary>AmbiSSL.Torch has no circle: each folder uses only those before it.</summary>
public sealed class LayerTests
{
    [Test]
    public void Every_folder_has_its_place() => Assert.That(Layers.Folders, Is.EquivalentTo(Layers.Ordered));

    [Test]
    public void No_type_uses_a_later_folder() => Assert.That(Layers.UpwardUses(), Is.Empty);

    [Test]
    public void No_file_names_a_later_folder() => Assert.That(Layers.UpwardNames(), Is.Empty);
}
