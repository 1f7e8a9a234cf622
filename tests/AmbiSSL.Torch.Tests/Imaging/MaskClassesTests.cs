using System.Text.Json;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Imaging;

public sealed class MaskClassesTests
{
    [Test]
    public void One_class_is_foreground() => Assert.That((MaskClasses.One.Names, MaskClasses.One.Overlap), Is.EqualTo((new[] { "foreground" }, false)));

    [Test]
    public void One_class_does_not_overlap() => Assert.That(new MaskClasses(["foreground"], overlap: true), Is.EqualTo(MaskClasses.One));

    [Test]
    public void Classes_are_equal_where_names_order_and_overlap_are()
    {
        var classes = new MaskClasses(["core", "rim"]);

        Assert.That(new MaskClasses(["core", "rim"]), Is.EqualTo(classes));
        Assert.That(new MaskClasses(["core", "rim"]).GetHashCode(), Is.EqualTo(classes.GetHashCode()));
        Assert.That(new MaskClasses(["rim", "core"]), Is.Not.EqualTo(classes));
        Assert.That(new MaskClasses(["core", "rim"], overlap: true), Is.Not.EqualTo(classes));
    }

    [Test]
    public void Names_that_change_later_are_those_of_before()
    {
        string[] names = ["core", "rim"];
        var classes = new MaskClasses(names);
        names[0] = "rim";

        Assert.That(classes.Names, Is.EqualTo(new[] { "core", "rim" }));
    }

    [TestCase(false, """{"Names":["core","rim"],"Overlap":false}""")]
    [TestCase(true, """{"Names":["core","rim"],"Overlap":true}""")]
    public void Classes_survive_JSON(bool overlap, string json)
    {
        var classes = new MaskClasses(["core", "rim"], overlap);

        Assert.That(JsonSerializer.Serialize(classes), Is.EqualTo(json));
        Assert.That(JsonSerializer.Deserialize<MaskClasses>(json), Is.EqualTo(classes));
    }

    [TestCase("core=1,rim=2+3")]
    [TestCase("core,rim overlapping")]
    public void How_files_tell_classes_survives_JSON_and_makes_no_others(string values)
    {
        var classes = ClassValues.Parse(values).Classes;

        var read = JsonSerializer.Deserialize<MaskClasses>(JsonSerializer.Serialize(classes))!;

        Assert.That((classes.Values!.ToString(), read.Values!.ToString()), Is.EqualTo((values, values)));
        Assert.That((read, read.GetHashCode()), Is.EqualTo((new MaskClasses(["core", "rim"], classes.Overlap), classes.GetHashCode())));
    }

    [TestCase("rim=1,core=2")]
    [TestCase("core=1,rim=2 overlapping")]
    public void Values_of_other_classes_are_refused(string values) => Assert.That(
        () => new MaskClasses(["core", "rim"], overlap: false, ClassValues.Parse(values)),
        Throws.ArgumentException.With.Message.StartsWith($"Classes are core, rim, and '{values}' tells "));

    [TestCase("", "Class 1 is named ''; give it a name that is not empty and not 'background', which is every pixel of no class.")]
    [TestCase("core;Background", "Class 2 is named 'Background'; give it a name that is not empty")]
    [TestCase("core;rim;Core", "Classes are named 'core' and 'Core'; name each apart from the others.")]
    public void Names_that_tell_no_classes_apart_are_refused(string names, string message) =>
        Assert.That(() => new MaskClasses(names.Split(';')), Throws.ArgumentException.With.Message.StartsWith(message));

    [TestCase(0)]
    [TestCase(255)]
    public void Neither_no_class_nor_more_than_a_byte_numbers_are_taken(int count) => Assert.That(
        () => new MaskClasses([.. Enumerable.Range(1, count).Select(number => $"class {number}")]),
        Throws.ArgumentException.With.Message.StartsWith($"A mask is to have {count} classes; name 1 to 254."));
}
