using AmbiSSL.Torch.Imaging;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Imaging.Sources;

internal sealed class LabelStudioImagesTests
{
    // 10x12 pixels, rows 2 to 5 and columns 3 to 8, packed by a program of its own after the format's description: words of 8 bits, lengths 3, 4, 8, 16.
    private const string Brush = """
        [0, 0, 1, 224, 57, 27, 254, 110, 0, 3, 254, 32, 0, 63, 226, 0, 3, 254, 32, 0, 63, 226, 0, 3, 254, 32, 0, 63, 240, 208, 0, 31, 241, 0, 1, 255, 16, 0,
         31, 241, 0, 1, 255, 16, 0, 31, 241, 0, 1, 255, 134, 128, 0, 255, 136, 0, 15, 248, 128, 0, 255, 136, 0, 15, 248, 128, 0, 255, 136, 0, 15, 252, 52,
         0, 7, 252, 64, 0, 127, 196, 0, 7, 252, 64, 0, 127, 196, 0, 7, 252, 64, 0, 127, 236, 176, 0]
        """;

    // Percent of 12 columns and 10 rows: columns 3 to 8, rows 2 to 5.
    private const string Rectangle = "[[25, 20], [75, 20], [75, 60], [25, 60]]";

    private TemporaryFolder _folder = null!;

    private static IEnumerable<TestCaseData> Faults()
    {
        yield return Fault("no_annotations", "[{\"id\": 1, \"data\": {\"image\": \"a.png\"}}]", "cannot be read as an export of Label Studio: in line 1 "
            + "'[0]' lacks 'annotations'. Export it as JSON");
        yield return Fault("cut_off", Task(By("1", Polygon(Rectangle)))[..^3], "ends early, in line 1");
        yield return Fault("outside", Task(By("1", Polygon("[[125, 20], [175, 20], [175, 60]]"))), "A region of image 'a' by '1' in '", "has a polygon "
            + "outside of its image of 10x12 pixels");
        yield return Fault("empty", "[]", "names no images");
        yield return Fault("no_image", Task("").Replace("\"image\"", "\"picture\""), "Task 1 of '", "has no text \"image\"");
        yield return Fault("missing_image", Task("", image: "/data/upload/1/0a1b2c3d-x.png"), "names the image '0a1b2c3d-x.png'");
        yield return Fault(
            "box", Task(By("1", Region("rectanglelabels", "\"x\": 1, \"y\": 1"))), "is of the type 'rectanglelabels'; polygons and brushes are read");
        yield return Fault(
            "turned", Task(By("1", Polygon(Rectangle).Replace("\"image_rotation\": 0", "\"image_rotation\": 90"))), "was drawn on a turned image");
        yield return Fault("two_points", Task(By("1", Polygon("[[1, 1], [2, 2]]"))), "is a polygon of fewer than three points");
        yield return Fault("words", Task(By("1", Polygon("[\"x\", 1, 2]"))), "has a point that is not two numbers");
        yield return Fault(
            "brush_of_another_size", Task(By("1", BrushOf("[0, 0, 1, 200, 57, 27, 254]"))), "is a brush of 456 values; an image of 10x12 has 480");
        yield return Fault("brush_cut", Task(By("1", BrushOf("[0, 0, 1, 224, 57, 27, 254, 110]"))), "is a brush whose run lengths are damaged");
        yield return Fault(
            "two_labels",
            Task(By("1", Polygon(Rectangle), Polygon(Rectangle).Replace("Nodule", "Vessel"))),
            "several labels: Nodule, Vessel. Name the foreground with Category (--category), or classes with Classes (--classes).");
        yield return Fault("same_annotator_twice", Task(By("1", Polygon(Rectangle)) + ", " + By("1")), "reader '1' is named twice; keep one annotation");
        yield return Fault(
            "null_data",
            Task("").Replace("\"data\": {\"image\": \"a.png\"", "\"data\": null, \"other\": {\"image\": \"a.png\""),
            "nothing in it that is read may be null");
        yield return Fault("null_region", Task(By("1", "null")), "nothing in it that is read may be null");
        yield return Fault("brush_of_words", Task(By("1", BrushOf("[\"x\"]"))), "is a brush whose run lengths are damaged");
        yield return Fault("endless_point", Task(By("1", Polygon("[[1, 1], [2, 2], [1e300, 3]]"))), "has a point that is far too large");
        yield return Fault(
            "another_size", Task(By("1", Polygon(Rectangle).Replace("\"original_height\": 10", "\"original_height\": 9"))), "but its outlines in '");
    }

    [SetUp]
    public void MakeImages()
    {
        _folder = new TemporaryFolder();
        foreach (var path in new[] { _folder.Combine("a.png"), _folder.Combine("images", "b.png"), _folder.Combine("sub", "c.png") })
        {
            ImageFile.Write(path, new ImagePixels(new ImageShape(1, 10, 12), [.. Enumerable.Range(0, 120).Select(i => (byte)i)]));
        }
    }

    [TearDown]
    public void DeleteImages() => _folder.Dispose();

    [Test]
    public void Polygons_are_in_percent_of_the_image() =>
        Assert.That(
            Open(Task(By("1", Polygon(Rectangle)))).Read(0).Annotations.Values,
            Is.EqualTo(Foreground((y, x) => y is >= 2 and < 6 && x is >= 3 and < 9)));

    [Test]
    public void Brushes_are_unpacked_and_their_alpha_is_the_mask() =>
        Assert.That(Open(Task(By("1", BrushOf(Brush)))).Read(0).Annotations.Values, Is.EqualTo(Foreground((y, x) => y is >= 2 and < 6 && x is >= 3 and < 9)));

    [Test]
    public void Annotators_are_readers_by_email_or_number_and_one_who_outlined_nothing_has_an_empty_mask()
    {
        var source = Open(Task(string.Join(
            ", ",
            By("{\"id\": 4, \"email\": \"ben@x\"}", Polygon(Rectangle)),
            By("2"),
            By("10", BrushOf(Brush), Polygon("[[0, 0], [25, 0], [25, 20], [0, 20]]")),
            By("3", Polygon(Rectangle)).Replace("\"was_cancelled\": false", "\"was_cancelled\": true"))));
        var masks = source.Read(0).Annotations;

        Assert.Multiple(() =>
        {
            Assert.That(masks.Readers, Is.EqualTo(new[] { "2", "10", "ben@x" }));
            Assert.That(Enumerable.Range(0, 3).Select(mask => masks[mask].ToArray().Count(value => value != 0)), Is.EqualTo(new[] { 0, 24 + 6, 24 }));
        });
    }

    [TestCase("a.png", "a")]
    [TestCase("/data/upload/1/0a1b2c3d-b.png", "b")]
    [TestCase("/data/local-files/?d=sub%2Fc.png", "c")]
    [TestCase("https://server/pictures/b.png", "b")]
    public void Images_are_found_by_the_name_in_their_address(string address, string id) =>
        Assert.That(Open(Task("", address)).Records.Select(record => (record.Id, record.Subject, record.IsLabeled)), Is.EqualTo(new[] { (id, "p1", false) }));

    [Test]
    public void Choices_are_no_regions() => Assert.That(
        Open(Task(By("1", "{\"type\": \"choices\", \"value\": {\"choices\": [\"good\"]}}", Polygon(Rectangle))))
            .Read(0).Annotations.Values.Count(value => value != 0),
        Is.EqualTo(24));

    [Test]
    public void One_of_several_labels_is_chosen_by_name()
    {
        var vessel = Polygon("[[0, 0], [25, 0], [25, 20], [0, 20]]").Replace("Nodule", "Vessel");
        var file = Task(string.Join(", ", By("1", Polygon(Rectangle), vessel), By("2", vessel)));

        var masks = Open(file, "Nodule").Read(0).Annotations;

        Assert.Multiple(() =>
        {
            Assert.That(masks.Readers, Is.EqualTo(new[] { "1", "2" }));
            Assert.That(masks[0].ToArray(), Is.EqualTo(Foreground((y, x) => y is >= 2 and < 6 && x is >= 3 and < 9)));
            Assert.That(masks[1].ToArray(), Is.All.Zero);
            Assert.That(
                () => Open(file, "Bone"),
                Throws.InstanceOf<InvalidDataException>().With.Message.EndsWith("has the label 'Bone'; there are Nodule, Vessel."));
        });
    }

    [TestCaseSource(nameof(Faults))]
    public void What_is_not_understood_is_refused(string file, string[] sentence) => Assert.That(
        () => Open(file).Read(0),
        Throws.InstanceOf<SystemException>().With.Message.Contains(sentence[0]).And.Message.Contains(sentence[^1])
            .And.Message.Contains("export.json"));

    [Test]
    public void An_export_of_no_tasks_has_no_label_and_says_so()
    {
        Assert.That(
            () => Open("[]", category: "Nodule"), Throws.TypeOf<InvalidDataException>().With.Message.EndsWith("has the label 'Nodule'; there is none."));
    }

    private static string Task(string annotations, string image = "a.png") =>
        $"[{{\"id\": 1, \"data\": {{\"image\": \"{image}\", \"subject\": \"p1\"}}, \"annotations\": [{annotations}], \"predictions\": []}}]";

    private static string By(string annotator, params string[] results) =>
        $"{{\"completed_by\": {annotator}, \"was_cancelled\": false, \"result\": [{string.Join(", ", results)}]}}";

    private static string Region(string type, string value) =>
        $"{{\"type\": \"{type}\", \"original_height\": 10, \"original_width\": 12, \"image_rotation\": 0, \"value\": {{{value}, \"{type}\": [\"Nodule\"]}}}}";

    private static string Polygon(string points) => Region("polygonlabels", $"\"points\": {points}, \"closed\": true");

    private static string BrushOf(string packed) => Region("brushlabels", $"\"format\": \"rle\", \"rle\": {packed}");

    private static byte[] Foreground(Func<int, int, bool> isForeground) =>
        [.. Enumerable.Range(0, 120).Select(i => (byte)(isForeground(i / 12, i % 12) ? 1 : 0))];

    private static TestCaseData Fault(string name, string file, params string[] sentence) => new TestCaseData(file, sentence).SetArgDisplayNames(name);

    private ImageSource Open(string file, string? category = null)
    {
        File.WriteAllText(_folder.Combine("export.json"), file);
        return ImageSources.Open(_folder.Combine("export.json"), reading: new ReadingOptions { Category = category });
    }
}
