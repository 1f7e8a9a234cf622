using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Imaging;

public sealed class MaskSetTests
{
    private static readonly ImageSize Size = new(2, 2);
    private static readonly MaskClasses CoreAndRim = new(["core", "rim"]);

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

    [Test]
    public void Numbers_of_classes_become_planes_and_numbers_again()
    {
        byte[] numbers = [0, 1, 2, 2, 1, 0, 0, 0];

        var masks = MaskSet.OfClassNumbers(Size, numbers, CoreAndRim, ["anna", "ben"]);

        Assert.Multiple(() =>
        {
            Assert.That(masks.Values, Is.EqualTo((byte[])[0, 1, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]));
            Assert.That(masks.Count, Is.EqualTo(2));
            Assert.That(masks.Plane(0, 1).ToArray(), Is.EqualTo((byte[])[0, 0, 1, 1]));
            Assert.That(masks.ClassNumbers(), Is.EqualTo(numbers));
        });
    }

    [Test]
    public void Classes_that_overlap_have_no_numbers()
    {
        var classes = new MaskClasses(["core", "rim"], overlap: true);

        Assert.That(() => MaskSet.OfClassNumbers(Size, new byte[4], classes), Throws.ArgumentException.With.Message.Contains("have no numbers for each pixel"));
        Assert.That(
            () => new MaskSet(Size, new byte[8], [], [], classes).ClassNumbers(),
            Throws.InvalidOperationException.With.Message.Contains("have no numbers for each pixel"));
    }

    [Test]
    public void One_class_keeps_its_name() => Assert.That(
        MaskSet.OfClassNumbers(Size, [0, 1, 1, 0], new MaskClasses(["lesion"])).Classes.Names, Is.EqualTo((string[])["lesion"]));

    [Test]
    public void A_number_that_is_of_no_class_is_refused() => Assert.That(
        () => MaskSet.OfClassNumbers(Size, [0, 1, 3, 0], CoreAndRim),
        Throws.ArgumentException.With.Message.StartsWith("Value 2 of the numbers of classes is 3; 0 is background, and 1 to 2 are the classes core, rim."));

    [Test]
    public void A_pixel_of_two_classes_is_refused_where_they_do_not_overlap()
    {
        byte[] values = [0, 0, 0, 1, 0, 0, 0, 1];

        Assert.That(
            () => new MaskSet(Size, values, [], [], CoreAndRim),
            Throws.ArgumentException.With.Message.StartsWith(
                "Mask 1 has a pixel of the classes 'core' and 'rim', in row 2 and column 2, counted from 1; give it one class, or say that classes overlap "
                    + "(--overlap)."));
        Assert.That(new MaskSet(Size, values, [], [], new MaskClasses(["core", "rim"], overlap: true)).Values, Is.EqualTo(values));
    }

    [Test]
    public void What_a_mask_ignores_is_of_no_class()
    {
        var masks = new MaskSet(Size, [1, 1, 0, 0, 0, 0, 1, 1], [], [0, 1, 1, 0], CoreAndRim);

        Assert.That(masks.Values, Is.EqualTo((byte[])[1, 0, 0, 0, 0, 0, 0, 1]));
        Assert.That(masks.OfClass(1).Values, Is.EqualTo((byte[])[0, 0, 0, 1]));
        Assert.That(masks.OfClass(1).Ignored, Is.EqualTo((byte[])[0, 1, 1, 0]));
    }

    [Test]
    public void All_classes_are_cropped_and_resized_alike()
    {
        var masks = MaskSet.OfClassNumbers(new ImageSize(3, 3), [0, 0, 0, 0, 2, 0, 1, 0, 0], CoreAndRim);

        Assert.That(masks.Crop(new ImageSize(1, 1)).Values, Is.EqualTo((byte[])[0, 1]));
        Assert.That(
            masks.Resize(new ImageSize(6, 6)).ClassNumbers(),
            Is.EqualTo((byte[])[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 2, 2, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0]));
    }
}
