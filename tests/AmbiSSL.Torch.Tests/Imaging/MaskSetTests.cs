using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Imaging;

public sealed class MaskSetTests
{
    private static readonly ImageSize Size = new(2, 2);

    [Test]
    public void Readers_stay_with_masks_that_are_cropped_or_resized()
    {
        var masks = new MaskSet(Size, new byte[8], ["anna", "ben"]);

        Assert.That(masks.Crop(new ImageSize(1, 1)).Readers, Is.EqualTo(masks.Readers));
        Assert.That(masks.Resize(new ImageSize(4, 4)).Readers, Is.EqualTo(masks.Readers));
    }

    [TestCase("anna;ben;carl", "the number of readers is 3 and that of masks 2")]
    [TestCase("anna;anna", "reader 'anna' is named twice")]
    [TestCase("anna;", "the name of reader 2 is empty")]
    public void Readers_that_do_not_fit_the_masks_are_refused(string readers, string fault) => Assert.That(
        () => new MaskSet(Size, new byte[8], readers.Split(';')),
        Throws.ArgumentException.With.Message.StartsWith(
            $"In a set of masks {fault}; name the reader of each mask, nobody twice, or no reader at all."));
}
