using AmbiSSL.Torch.Imaging;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Imaging;

public sealed class ClassColorsTests
{
    [Test]
    public void No_class_has_the_color_of_another_or_of_background() => Assert.That(
        Enumerable.Range(0, MaskClasses.Most).Select(ClassColors.Of).Append(((byte)0, (byte)0, (byte)0)), Is.Unique);

    [Test]
    public void A_palette_begins_with_background() => Assert.That(ClassColors.Palette(2), Is.EqualTo((byte[])[0, 0, 0, 0x56, 0xB4, 0xE9, 0xE6, 0x9F, 0]));
}
