using AmbiSSL.Torch.Imaging;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Imaging.Sources;

internal sealed class CocoImagesTests
{
    private const string Images = """
        "images": [{"id": 7, "file_name": "a.png", "height": 10, "width": 12, "license": 1},
                   {"id": 3, "file_name": "b.png", "height": 10, "width": 12, "subject": "p1"}]
        """;

    private TemporaryFolder _folder = null!;

    private static IEnumerable<TestCaseData> Faults()
    {
        yield return Fault("no_json", "images", "is no JSON: in line 1, column 1, 'i' is an invalid start of a value. Mend it there, or export it again.");
        yield return Fault("no_text", "", "is empty; copy or export it again.");
        yield return Fault("cut_off", File(Annotation(7))[..^40], "ends early, in line 2: what was opened there is not closed");
        yield return Fault("cut_off_in_a_word", "{\"images\": [], \"annot", "ends early, in line 1");
        yield return Fault("comma", "{\n\"images\": [],\n}", "is no JSON: in line 3, column 1, The JSON object contains a trailing comma");
        yield return Fault("id_of_words", File(Annotation(7)).Replace("\"id\": 7", "\"id\": \"x\""), "in line 1 'images[0].id' is ");
        yield return Fault("no_height", File(Annotation(7)).Replace("\"height\": 10, \"width\": 12, \"license\"", "\"license\""), "in line 1 'images[0]' "
            + "lacks 'height', 'width'. ");
        yield return Fault("subject_of_parts", File(Annotation(7)).Replace("\"p1\"", "[1]"), "Image 'b.png' of '", "has the \"subject\" [1], which is "
            + "neither a name nor a number");
        yield return Fault(
            "annotator_of_parts", File(Annotation(7, "anna").Replace("\"anna\"", "{\"name\": \"anna\"}")), "has the \"annotator\" {\"name\": \"anna\"}, "
                + "which is neither a name nor a number");
        yield return Fault("no_polygon", File(Annotation(7, segmentation: "[]")), "of image 'a' in '", "has no segmentation");
        yield return Fault(
            "outside", File(Annotation(7, segmentation: "[[20, 1, 25, 1, 25, 4]]")), "Annotation 5 of image 'a' in '",
            "has a polygon outside of its image of 10x12 pixels (height x width): its columns are 20 to 25, its rows 1 to 4. It may be of another image, or "
                + "of this one in another size");
        yield return Fault("parts_of_the_image", File(Annotation(7, segmentation: "[[0.1, 0.1, 0.5, 0.1, 0.5, 0.5]]")), "has a polygon whose numbers go from "
            + "0 to 1, as parts of the image do; write them in pixels");
        yield return Fault("other_object", "{\"meta\": 1}", "is no file of COCO annotations");
        yield return Fault("no_images", "{\"images\": [], \"annotations\": []}", "names no images");
        yield return Fault("missing_file", File(Annotation(7)).Replace("a.png", "c.png"), "names the image 'c.png', but none of");
        yield return Fault("same_id", File(Annotation(7)).Replace("\"id\": 3", "\"id\": 7"), "have the same id 7");
        yield return Fault("same_file", File(Annotation(7)).Replace("b.png", "a.png"), "names the image 'a' twice");
        yield return Fault("orphan", File(Annotation(9)), "belongs to the image 9, which is not there");
        yield return Fault(
            "category_of_no_name",
            File(Annotation(7), Annotation(3).Replace("\"category_id\": 1", "\"category_id\": 7")),
            "is of the category 7, which is not among its categories: 1 (nodule), 2 (vessel). Give it one of them, or add 7 with its name.");
        yield return Fault("half_named", File(Annotation(7, "anna"), Annotation(7)), "has an \"annotator\", and");
        yield return Fault(
            "two_categories",
            File(Annotation(7), Annotation(3).Replace("\"category_id\": 1", "\"category_id\": 2")),
            "several categories: nodule, vessel. Name the foreground with Category (--category), or classes with Classes (--classes).");
        yield return Fault("box_alone", File(Annotation(7, segmentation: "null")), "of image 'a' in '", "has no segmentation");
        yield return Fault("two_points", File(Annotation(7, segmentation: "[[1, 1, 2, 2]]")), "x and y of at least three points");
        yield return Fault("odd", File(Annotation(7, segmentation: "[[1, 1, 2, 2, 3, 3, 4]]")), "x and y of at least three points");
        yield return Fault("words", File(Annotation(7, segmentation: "[[\"x\"]]")), "a polygon that is no list of numbers");
        yield return Fault(
            "runs_of_another_size", File(Annotation(7, segmentation: "{\"size\": [12, 10], \"counts\": [120]}")), "run lengths for the size [12, 10]");
        yield return Fault("runs_too_long", File(Annotation(7, segmentation: "{\"size\": [10, 12], \"counts\": [1, 120]}")), "run lengths that do not fit");
        yield return Fault("runs_negative", File(Annotation(7, segmentation: "{\"size\": [10, 12], \"counts\": [121, -1]}")), "run lengths that do not fit");
        yield return Fault("runs_too_short", File(Annotation(7, segmentation: "{\"size\": [10, 12], \"counts\": [1, 3]}")), "run lengths for 4 of 120 pixels");
        yield return Fault("damaged_text", File(Annotation(7, segmentation: "{\"size\": [10, 12], \"counts\": \"`\"}")), "run lengths whose text is damaged");
        yield return Fault("same_lesion_twice", File(Annotation(7), Annotation(7)), "as when several annotators outline one lesion");
        yield return Fault("null_image", File(Annotation(7)).Replace("[{\"id\": 7", "[null, {\"id\": 7"), "nothing in it that is read may be null");
        yield return Fault("null_name", File(Annotation(7)).Replace("\"a.png\"", "null"), "nothing in it that is read may be null");
        yield return Fault(
            "runs_of_words", File(Annotation(7, segmentation: "{\"size\": [10, 12], \"counts\": [\"x\"]}")), "run lengths that are neither numbers nor text");
        yield return Fault(
            "size_of_words", File(Annotation(7, segmentation: "{\"size\": [\"x\", 12], \"counts\": [120]}")), "has run lengths for the size [\"x\", 12]");
        yield return Fault(
            "runs_past_64_bits",
            File(Annotation(7, segmentation: "{\"size\": [10, 12], \"counts\": [120, 9223372036854775807]}")),
            "run lengths that do not fit");
        yield return Fault(
            "another_height", File(Annotation(7)).Replace("\"height\": 10", "\"height\": 9"), "is 10x12 pixels (height x width), but its outlines in '");
    }

    [SetUp]
    public void MakeImages()
    {
        _folder = new TemporaryFolder();
        Directory.CreateDirectory(_folder.Combine("images"));
        foreach (var path in new[] { _folder.Combine("a.png"), _folder.Combine("images", "b.png") })
        {
            ImageFile.Write(path, new ImagePixels(new ImageShape(1, 10, 12), [.. Enumerable.Range(0, 120).Select(i => (byte)i)]));
        }
    }

    [TearDown]
    public void DeleteImages() => _folder.Dispose();

    [Test]
    public void A_rectangle_is_the_pixels_whose_centers_are_inside()
    {
        var mask = Mask("[[2, 1, 6, 1, 6, 4, 2, 4]]");

        Assert.That(mask, Is.EqualTo(Foreground((y, x) => y is >= 1 and < 4 && x is >= 2 and < 6)));
    }

    [Test]
    public void A_triangle_is_the_pixels_whose_centers_are_inside() =>
        Assert.That(Mask("[[0, 0, 7.9, 0, 0, 7.9]]"), Is.EqualTo(Foreground((y, x) => x + 0.5 + y + 0.5 < 7.9)));

    [Test]
    public void Two_polygons_are_one_object() => Assert.That(
        Mask("[[0, 0, 2, 0, 2, 2, 0, 2], [5, 5, 7, 5, 7, 7, 5, 7]]"), Is.EqualTo(Foreground((y, x) => (y < 2 && x < 2) || (y is 5 or 6 && x is 5 or 6))));

    [Test]
    public void Run_lengths_go_column_by_column() =>
        Assert.That(Mask("{\"size\": [10, 12], \"counts\": [16, 4, 100]}"), Is.EqualTo(Foreground((y, x) => x == 1 && y >= 6)));

    // Encoded by hand after the format's description: 16, 4, 6, then 3 - 4, 1 - 6, 2 - 3, 88 - 1.
    [Test]
    public void Compressed_run_lengths_are_the_same() => Assert.That(
        Mask("{\"size\": [10, 12], \"counts\": \"`046OKOg2\"}"), Is.EqualTo(Mask("{\"size\": [10, 12], \"counts\": [16, 4, 6, 3, 1, 2, 88]}")));

    [Test]
    public void Annotators_are_readers_and_all_of_ones_annotations_are_one_mask()
    {
        var source = Open(File(
            Annotation(7, "ben", "[[0, 0, 2, 0, 2, 2, 0, 2]]"),
            Annotation(7, "anna", "[[0, 0, 3, 0, 3, 3, 0, 3]]"),
            Annotation(7, "ben", "[[5, 5, 6, 5, 6, 6, 5, 6]]")));
        var (outlined, other) = (source.Read(0), source.Read(1));

        Assert.Multiple(() =>
        {
            Assert.That(source.Records.Select(record => (record.Id, record.Subject)), Is.EqualTo(new[] { ("a", "a"), ("b", "p1") }));
            Assert.That(outlined.Annotations.Readers, Is.EqualTo(new[] { "anna", "ben" }));
            Assert.That(outlined.Annotations[0].ToArray(), Is.EqualTo(Foreground((y, x) => y < 3 && x < 3)));
            Assert.That(outlined.Annotations[1].ToArray(), Is.EqualTo(Foreground((y, x) => (y < 2 && x < 2) || (y == 5 && x == 5))));
            Assert.That(outlined.Pixels.Values<byte>()[119], Is.EqualTo(119));
            Assert.That((other.Annotations.Count, source.Records[1].IsLabeled), Is.EqualTo((0, false)));
        });
    }

    [Test]
    public void Numbers_of_annotators_are_names() =>
        Assert.That(Open(File(Annotation(7, "12").Replace("\"12\"", "12"))).Records[0].Readers, Is.EqualTo(new[] { "12" }));

    [Test]
    public void Without_annotators_all_annotations_of_an_image_are_one_mask_of_nobody()
    {
        var source = Open(File(Annotation(7), Annotation(7, segmentation: "[[9, 8, 11, 8, 11, 10, 9, 10]]")));

        Assert.That((source.Records[0].Annotators.Count, source.Records[0].Readers.Count), Is.EqualTo((1, 0)));
        Assert.That(source.Read(0).Annotations.Values.Count(value => value != 0), Is.EqualTo(12 + 4));
    }

    [Test]
    public void One_of_several_categories_is_chosen_by_name_and_whoever_outlined_none_of_it_has_an_empty_mask()
    {
        var vessel = Annotation(7, "anna", "[[9, 8, 11, 8, 11, 10, 9, 10]]").Replace("\"category_id\": 1", "\"category_id\": 2");
        var file = File(Annotation(7, "anna"), vessel, vessel.Replace("anna", "ben"), vessel.Replace("\"image_id\": 7", "\"image_id\": 3"));

        var (first, second) = (Open(file, "nodule").Read(0).Annotations, Open(file, "nodule").Read(1).Annotations);

        Assert.Multiple(() =>
        {
            Assert.That(first.Readers, Is.EqualTo(new[] { "anna", "ben" }));
            Assert.That(first[0].ToArray(), Is.EqualTo(Foreground((y, x) => y is >= 1 and < 4 && x is >= 2 and < 6)));
            Assert.That(first[1].ToArray(), Is.All.Zero);
            Assert.That((second.Count, second[0].ToArray().Sum(value => value)), Is.EqualTo((1, 0)));
            Assert.That(Open(file, "vessel").Read(1).Annotations.Values.Sum(value => value), Is.EqualTo(4));
            Assert.That(() => Open(file, "organ"), Throws.InstanceOf<InvalidDataException>().With.Message.EndsWith(
                "is of the category 'organ'; there are nodule, vessel."));
        });
    }

    [Test]
    public void Masks_are_resized_with_their_images()
    {
        System.IO.File.WriteAllText(_folder.Combine("coco.json"), File(Annotation(7)));
        var image = CocoImages.Open(_folder.Combine("coco.json"), new Preprocessing { Resize = new ImageSize(20, 24) }).Read(0);

        Assert.That((image.Shape.Size, image.Annotations.Values.Count(value => value != 0)), Is.EqualTo((new ImageSize(20, 24), 4 * 12)));
    }

    [Test]
    public void Names_of_annotators_and_patients_are_trimmed_and_patients_may_be_numbers()
    {
        var source = Open(File(Annotation(7, "anna "), Annotation(3, "anna")).Replace("\"p1\"", "12").Replace("\"license\": 1", "\"subject\": \" p2\""));

        Assert.That(source.Records.Select(record => (record.Subject, record.Readers[0])), Is.EqualTo(new[] { ("p2", "anna"), ("12", "anna") }));
    }

    [TestCase("[[0, 0, 1, 0, 1, 1, 0, 1]]", 1)]
    [TestCase("[[0, 0, 0, 5, 0, 3]]", 0)]
    [TestCase("[[11, 9, 14, 9, 14, 12, 11, 12]]", 1)]
    public void Polygons_on_the_border_are_read(string segmentation, int area) => Assert.That(Mask(segmentation).Sum(value => value), Is.EqualTo(area));

    [TestCase("[[2, 1, 13, 1, 13, 4]]", null)]
    [TestCase("[[2, 1, 17.2, 1, 17.2, 4]]", "Outlines reach over the border of their image: Once, such as 'a'. They do by up to 5 pixels, which are cut off.")]
    public void Outlines_that_reach_over_the_border_by_more_than_a_pixel_are_a_finding(string segmentation, string? finding)
    {
        var findings = DataReport.Of(Open(File(Annotation(7, segmentation: segmentation)))).Findings.Select(found => $"{found}");

        Assert.That(findings.Where(found => found.StartsWith("Outlines", StringComparison.Ordinal)), finding is null ? Is.Empty : Has.One.StartsWith(finding));
    }

    [TestCaseSource(nameof(Faults))]
    public void What_is_not_understood_is_refused(string file, string[] sentence) => Assert.That(
        () => Open(file).Read(0),
        Throws.InstanceOf<SystemException>().With.Message.Contains(sentence[0]).And.Message.Contains(sentence[^1])
            .And.Message.Contains("coco.json"));

    [Test]
    public void Readers_by_number_are_refused() => Assert.That(
        () =>
        {
            System.IO.File.WriteAllText(_folder.Combine("coco.json"), File(Annotation(7)));
            return ImageSources.Open(_folder.Combine("coco.json"), reading: new ReadingOptions { Readers = ReaderIdentity.ByNumber });
        },
        Throws.InstanceOf<InvalidDataException>().With.Message.Contains("readers are asked for by number"));

    private static string File(params string[] annotations) =>
        $"{{{Images}, \"annotations\": [{string.Join(", ", annotations)}], \"categories\": [{{\"id\": 1, \"name\": \"nodule\"}}, {{\"id\": 2, "
        + $"\"name\": \"vessel\"}}]}}";

    private static string Annotation(int image, string? annotator = null, string segmentation = "[[2, 1, 6, 1, 6, 4, 2, 4]]") =>
        $"{{\"id\": 5, \"image_id\": {image}, \"category_id\": 1, \"bbox\": [2, 1, 4, 3], \"segmentation\": {segmentation}"
        + (annotator is null ? "}" : $", \"annotator\": \"{annotator}\"}}");

    private static byte[] Foreground(Func<int, int, bool> isForeground) =>
        [.. Enumerable.Range(0, 120).Select(i => (byte)(isForeground(i / 12, i % 12) ? 1 : 0))];

    private static TestCaseData Fault(string name, string file, params string[] sentence) => new TestCaseData(file, sentence).SetArgDisplayNames(name);

    private byte[] Mask(string segmentation) => Open(File(Annotation(7, segmentation: segmentation))).Read(0).Annotations[0].ToArray();

    private ImageSource Open(string file, string? category = null)
    {
        System.IO.File.WriteAllText(_folder.Combine("coco.json"), file);
        return ImageSources.Open(_folder.Combine("coco.json"), reading: new ReadingOptions { Category = category });
    }
}
