using System.Text.Json;
using AmbiSSL.Torch.Imaging;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Imaging;

internal sealed class ClassValuesTests : FolderFixture
{
    [TestCase("core,rim", "core, rim")]
    [TestCase("core=1,rim=2+3", "core, rim")]
    [TestCase("core=#FF0000,rim=#00FF00,background=#FFFFFF", "core, rim")]
    [TestCase("whole=1+2,core=2 overlapping", "whole, core (overlapping)")]
    public void Text_says_the_classes_and_returns(string text, string classes)
    {
        var parsed = ClassValues.Parse(text);

        Assert.That((parsed.Classes.ToString(), parsed.ToString()), Is.EqualTo((classes, text)));
        Assert.That(JsonSerializer.Deserialize<ClassValues>(JsonSerializer.Serialize(parsed))!.ToString(), Is.EqualTo(text));
    }

    [TestCase("core=1,rim", "Of the classes 'core=1,rim' some have values and 'rim' has none; give values to all, such as core=1,rim=2+3, or to none.")]
    [TestCase("core,rim=1", "Of the classes 'core,rim=1' some have values and 'rim' has some;")]
    [TestCase(
        "core=1,rim=x", "In the classes 'core=1,rim=x' the value 'x' of 'rim' is none: give numbers from 0 to 65535 or colors such as #FF0000, with + between")]
    [TestCase("core=1,rim=", "In the classes 'core=1,rim=' the value '' of 'rim' is none:")]
    [TestCase(
        "core=1+2,rim=2", "In the classes 'core=1+2,rim=2' the value 2 is of 'core' and of 'rim'; give it to one, or say that classes overlap (--overlap).")]
    [TestCase("core=1,rim=2,background=3+2", "In the classes 'core=1,rim=2,background=3+2' the value 2 is of 'rim' and of background; give it to one.")]
    [TestCase("background=1,core=1 overlapping", "In the classes 'background=1,core=1' the value 1 is of 'core' and of background; give it to one.")]
    [TestCase("core=1,core=2", "Classes are named 'core' and 'core'; name each apart from the others.")]
    [TestCase("", "Class 1 is named ''; give it a name")]
    public void What_tells_no_classes_apart_is_refused(string text, string message) =>
        Assert.That(() => ClassValues.Parse(text), Throws.ArgumentException.With.Message.StartsWith(message));

    [TestCase("core=1,rim=2", new byte[] { 0, 1, 2, 2 }, new byte[] { 0, 1, 0, 0, 0, 0, 1, 1 })]
    [TestCase("core=1,rim=2+3", new byte[] { 0, 1, 2, 3 }, new byte[] { 0, 1, 0, 0, 0, 0, 1, 1 })]
    [TestCase("core=128,rim=255,background=7", new byte[] { 7, 128, 255, 0 }, new byte[] { 0, 1, 0, 0, 0, 0, 1, 0 })]
    [TestCase("core=0,rim=1,background=255", new byte[] { 0, 1, 255, 255 }, new byte[] { 1, 0, 0, 0, 0, 1, 0, 0 })]
    [TestCase("whole=1+2,core=2 overlapping", new byte[] { 0, 1, 2, 2 }, new byte[] { 0, 1, 1, 1, 0, 0, 1, 1 })]
    public void A_map_of_labels_becomes_a_plane_for_each_class(string classes, byte[] labels, byte[] planes)
    {
        var path = Folder.Combine("m.png");
        ImageFile.Write(path, new ImagePixels(new ImageShape(1, 2, 2), labels));

        var read = MaskFile.Read(path, new ReadingOptions { Classes = ClassValues.Parse(classes) });

        Assert.That((read.Values, read.Count, read.Classes), Is.EqualTo((planes, 1, ClassValues.Parse(classes).Classes)));
    }

    [Test]
    public void Colors_of_a_palette_are_classes()
    {
        var path = Folder.Combine("m.png");
        ImageFile.Write(path, new ImagePixels(new ImageShape(3, 1, 3), (byte[])[0, 255, 0, 0, 0, 192, 0, 0, 0]));

        var read = MaskFile.Read(path, new ReadingOptions { Classes = ClassValues.Parse("core=#FF0000,rim=#00C000") });

        Assert.That(read.Values, Is.EqualTo((byte[])[0, 1, 0, 0, 0, 1]));
    }

    [Test]
    public void What_is_ignored_is_of_no_class_and_every_other_value_must_be_of_one()
    {
        var path = Folder.Combine("m.png");
        ImageFile.Write(path, new ImagePixels(new ImageShape(1, 2, 2), (byte[])[0, 1, 2, 255]));
        var reading = new ReadingOptions { Classes = ClassValues.Parse("core=1,rim=2") };

        var ignoring = MaskFile.Read(path, reading with { ForegroundValues = ForegroundValues.Unmistakable.Ignoring(255) });

        Assert.That((ignoring.Values, ignoring.Ignored), Is.EqualTo(((byte[])[0, 1, 0, 0, 0, 0, 1, 0], (byte[])[0, 0, 0, 1])));
        Assert.That(() => MaskFile.Read(path, reading), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
            $"Mask '{path}' holds the values 0 (25.0 %), 1 (25.0 %), 2 (25.0 %), 255 (25.0 %), "
            + "of which 255 is of no class of 'core=1,rim=2'; give it to a class, to background (background=255 beside the classes), "
            + "or to what is ignored (--ignore-values)."));
    }

    [Test]
    public void Numbers_of_a_palette_are_told_to_be_read_by_their_colors()
    {
        var path = Folder.Combine("m.png");
        ImageFile.Write(path, new ImagePixels(new ImageShape(3, 1, 3), (byte[])[0, 255, 0, 0, 0, 192, 0, 0, 0]));

        Assert.That(
            () => MaskFile.Read(path, new ReadingOptions { Classes = ClassValues.Parse("core=1,rim=2") }),
            Throws.TypeOf<InvalidDataException>().With.Message.EndsWith(
                " A palette is read by its colors, not by their numbers in it: give the classes colors, such as core=#FF0000."));
        Assert.That(
            () => MaskFile.Read(path, new ReadingOptions { Classes = ClassValues.Parse("core=#FF0000") }),
            Throws.TypeOf<InvalidDataException>().With.Message.EndsWith("(--ignore-values)."), "colors were given");
    }

    [TestCase("core=1,rim=2", null, "1", "ForegroundValues (--foreground) is '1', and Classes (--classes), 'core=1,rim=2', says already which values are of "
        + "which class; leave ForegroundValues out, ")]
    [TestCase("core=1,rim=2", null, "unmistakable ignoring 2", "ForegroundValues (--ignore-values) ignores 2, which Classes (--classes), 'core=1,rim=2', "
        + "gives to a class or to background; a value is one of the two.")]
    [TestCase("core,rim", "core", null, "Category (--category) is 'core', and Classes (--classes), 'core,rim', names what is read already; leave Category "
        + "out.")]
    public void Options_that_contradict_classes_are_refused(string classes, string? category, string? foreground, string message)
    {
        var reading = new ReadingOptions
        {
            Classes = ClassValues.Parse(classes), Category = category, ForegroundValues = foreground is null ? null : ForegroundValues.Parse(foreground),
        };

        Assert.That(reading.Validate, Throws.ArgumentException.With.Message.StartsWith(message));
    }
}
