using AmbiSSL.Torch.Imaging;
using AmbiSSL.Torch.Tests.Imaging;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Pictures;

internal sealed class PngFileTests : FolderFixture
{
    private static readonly ImageSize Size = new(1, 3);

    [Test]
    public void A_mask_is_read_back_as_0_and_1()
    {
        var path = Folder.Combine("mask.png");

        PngFile.WriteMask(path, Size, [0, 1, 7]);

        Assert.That(ImageFile.ReadMask(path).Values, Is.EqualTo(new byte[] { 0, 1, 1 }));
    }

    [Test]
    public void A_map_has_16_bits_and_what_rounding_took_past_its_ends_is_0_or_1()
    {
        var path = Folder.Combine("map.png");

        PngFile.WriteMap(path, Size, [-1e-7f, 1 / 65535f, 1 + 1e-6f]);

        Assert.That(ImageFile.ReadImage(path).ToFloats(), Is.EqualTo(new[] { 0, 1 / 65535f, 1 }));
    }

    [Test]
    public void A_map_of_another_size_is_refused()
    {
        Assert.That(() => PngFile.WriteMap(Folder.Combine("map.png"), Size, [0, 1]), Throws.ArgumentException.With.Message.Contains("2 pixel values"));
    }
}
