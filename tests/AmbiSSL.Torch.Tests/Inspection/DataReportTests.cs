using AmbiSSL.Torch.Imaging;
using AmbiSSL.Torch.Tests.Imaging;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Inspection;

/// <summary>Faults as people have them, each put into sound images.</summary>
internal sealed class DataReportTests
{
    private const int Side = 48;

    private static readonly ImageSize Size = new(Side, Side);

    private static readonly AnnotatedImage[] Sound = Read(new SyntheticLesions(new SyntheticLesionOptions
    {
        Images = 24, Height = Side, Width = Side, Annotators = 3, ImagesPerSubject = 2, Radius = 0.2, Seed = 3,
    }));

    private static IEnumerable<TestCaseData> Faults()
    {
        const FindingHarm Wrong = FindingHarm.Wrong;
        const FindingHarm Suspicious = FindingHarm.Suspicious;
        yield return Fault("image_in_two_subjects", Wrong, "The same image is in several subjects", images => images[5] = Named(images[0], "copy", "other"));
        yield return Fault("image_twice", Suspicious, "The same image has several ids", images => images[1] = Named(images[0], "copy", images[0].Subject));
        yield return Fault(
            "unlabeled_copy", Suspicious, "The same image has several ids",
            images => images[1] = new AnnotatedImage("copy", images[0].Subject, images[0].Pixels, new MaskSet(Size, [])));
        yield return Fault(
            "brighter_copy", Suspicious, "Images of several subjects are almost the same",
            images => images[5] = WithPixels(images[5], Changed(images[0], (value, _) => Math.Min(255, (value * 0.8) + 20))));
        yield return Fault(
            "noisy_copy", Suspicious, "Images of several subjects are almost the same",
            images => images[5] = WithPixels(images[5], Changed(images[0], (value, i) => Math.Clamp(value + (i * 7 % 5) - 2, 0, 255))));
        yield return Fault(
            "mask_of_another", Suspicious, "The same mask is on different images of several subjects",
            images => images[9] = WithMasks(images[9], (_, _) => images[0].Annotations.Values.ToArray()));
        yield return Fault("full_mask", Suspicious, "A mask is foreground everywhere", images => images[4] = WithMasks(images[4], Full));
        yield return Fault("full_masks", Wrong, "A mask is foreground everywhere", images => All(images, image => WithMasks(image, Full)));
        yield return Fault(
            "inverted_mask", Suspicious, "A mask is foreground on three corners or more", images => images[4] = WithMasks(images[4], Inverted));
        yield return Fault(
            "inverted_masks", Wrong, "A mask is foreground on three corners or more", images => All(images, image => WithMasks(image, Inverted)));
        yield return Fault(
            "empty_masks", Wrong, "All masks are empty", images => All(images, image => WithMasks(image, (_, values) => new byte[values.Length])));
        yield return Fault("no_masks", Wrong, "No image has a mask", images => All(images, image => WithMasks(image, (_, _) => [])));
        yield return Fault("mirrored", Wrong, "Masks do not lie on their images", images => All(images, image => WithMasks(image, Turn(1))));
        yield return Fault("upside_down", Wrong, "Masks do not lie on their images", images => All(images, image => WithMasks(image, Turn(2))));
        yield return Fault("turned_180", Wrong, "Masks do not lie on their images", images => All(images, image => WithMasks(image, Turn(3))));
        yield return Fault("transposed", Wrong, "Masks do not lie on their images", images => All(images, image => WithMasks(image, Turn(4))));
        yield return Fault("turned_90", Wrong, "Masks do not lie on their images", images => All(images, image => WithMasks(image, Turn(5))));
        yield return Fault(
            "one_reader_mirrored", Wrong, "A reader's masks lie elsewhere",
            images => All(images, image => WithMasks(image, (reader, values) => reader == 1 ? Turn(1)(reader, values) : values)));
        yield return Fault(
            "one_reader_of_other_images", Suspicious, "A reader's masks lie elsewhere",
            images => Replace(images, (i, values) => [.. values[..(2 * Size.PixelCount)], .. Sound[(i + 7) % 24].Annotations[2]]));
        yield return Fault(
            "one_reader_copied", Suspicious, "Two readers have the very same masks",
            images => Replace(images, (_, values) => [.. values[..(2 * Size.PixelCount)], .. values[..Size.PixelCount]]));
        yield return Fault(
            "one_reader_empty", Suspicious, "All masks of a reader are empty",
            images => Replace(images, (_, values) => [.. values[..(2 * Size.PixelCount)], .. new byte[Size.PixelCount]]));
        yield return Fault(
            "subjects_in_capitals", Suspicious, "Subjects have almost the same name",
            images => images[4] = Named(images[4], images[4].Id, images[2].Subject.ToUpperInvariant() + " "));
        yield return Fault(
            "readers_in_capitals", Suspicious, "Readers have almost the same name",
            images => images[4] = new AnnotatedImage(
                images[4].Id, images[4].Subject, images[4].Pixels,
                new MaskSet(Size, images[4].Annotations.Values, ["R01", .. images[4].Annotations.Readers.Skip(1)])));
        yield return Fault("black_image", Suspicious, "Images have one value everywhere", images => images[3] = WithPixels(images[3], new byte[Size.PixelCount]));
        yield return Fault("mask_as_image", Suspicious, "Images have one value everywhere", images => images[3] = WithPixels(images[3], [.. Enumerable.Repeat((byte)255, Size.PixelCount)]));
        yield return Fault("zero_to_255", Wrong, "Values lie outside 0 to 1", images => Floats(images, value => value));
        yield return Fault("hounsfield", Wrong, "Values lie outside 0 to 1", images => Floats(images, value => (value * 8) - 1000));
        yield return Fault("shifted", Wrong, "Values lie outside 0 to 1", images => Floats(images, value => (value / 255f) - 0.5f));
        yield return Fault("standardized", Wrong, "Values lie outside 0 to 1", images => Floats(images, value => (value - 100) / 50f));
        yield return Fault("not_a_number", Wrong, "Values are no finite numbers", images => Floats(images, value => value > 120 ? float.NaN : value / 255f));
        yield return Fault(
            "infinite", Wrong, "Values are no finite numbers", images => Floats(images, value => value > 120 ? float.PositiveInfinity : value / 255f));
        yield return Fault(
            "twelve_bits_in_sixteen", Wrong, "Images are nearly black",
            images => All(images, image => new AnnotatedImage(
                image.Id,
                image.Subject,
                new ImagePixels(image.Shape, [.. image.Pixels.Values<byte>().ToArray().Select(value => (ushort)(value * 16))]),
                image.Annotations)));
        yield return Fault(
            "one_image_of_eight_in_sixteen", Suspicious, "Images have much less contrast than others",
            images => All(images, image => new AnnotatedImage(
                image.Id,
                image.Subject,
                new ImagePixels(image.Shape, [.. image.Pixels.Values<byte>().ToArray().Select(value => (ushort)(value * (image == images[2] ? 1 : 257)))]),
                image.Annotations)));
        yield return Fault(
            "one_image_of_twelve_among_eight_in_sixteen", Suspicious, "Images have much less contrast than others",
            images => All(images, image => new AnnotatedImage(
                image.Id,
                image.Subject,
                new ImagePixels(image.Shape, [.. image.Pixels.Values<byte>().ToArray().Select(value => (ushort)(value * (image == images[2] ? 257 : 1)))]),
                image.Annotations)));
        yield return Fault("mixed_depth", Wrong, "Images have several kinds of pixels", images => images[2] = new AnnotatedImage(
            images[2].Id,
            images[2].Subject,
            new ImagePixels(images[2].Shape, [.. images[2].Pixels.Values<byte>().ToArray().Select(value => (ushort)(value * 257))]),
            images[2].Annotations));
        yield return Fault("several_sizes", Wrong, "Images have several sizes", images => images[2] = new AnnotatedImage(
            "small", "s", images[2].Pixels.Crop(new ImageSize(32, 48)), images[2].Annotations.Crop(new ImageSize(32, 48))));
        yield return Fault("color_among_gray", Wrong, "Images have several sizes", images => images[2] = new AnnotatedImage(
            "color", "s", new ImagePixels(new ImageShape(3, Side, Side), new byte[3 * Size.PixelCount]), images[2].Annotations));
        yield return Fault("unreadable", Wrong, "Images or their masks cannot be read", images => images[2] = Named(images[2], "broken", "s"));
    }

    [TestCaseSource(nameof(Faults))]
    public void A_fault_is_found(FindingHarm harm, string problem, Action<AnnotatedImage[]> spoil)
    {
        AnnotatedImage[] images = [.. Sound];
        spoil(images);
        var report = DataReport.Of(new MemoryImages(images));

        Assert.That(
            report.Findings.Where(finding => finding.Problem == problem).Select(finding => finding.Harm), Is.EqualTo(new[] { harm }),
            string.Join('\n', report.Findings));
        Assert.That(report.IsSound, Is.EqualTo(harm != FindingHarm.Wrong), string.Join('\n', report.Findings));
    }

    [Test]
    public void Nothing_is_found_about_sound_images()
    {
        var report = DataReport.Of(new MemoryImages(Sound));

        Assert.That(report.Findings, Is.Empty);
        Assert.That((report.Images, report.Labeled, report.Subjects), Is.EqualTo((24, 24, 12)));
    }

    [TestCase(1, null, "0,4095", null, false)]
    [TestCase(1, "0,4095", "0,4095", null, true)]
    [TestCase(1, "p1,p99", "0,4095", null, true)]
    [TestCase(1, "5000,6000", "0,4095", "The window leaves nothing to see", false)]
    [TestCase(16, null, null, null, true)]
    public void A_window_is_looked_through_and_proposed(int scale, string? window, string? suggested, string? problem, bool isSound)
    {
        // 12 bits, as they are and in the upper bits of 16.
        AnnotatedImage[] images = [.. Sound];
        All(images, image => new AnnotatedImage(
            image.Id,
            image.Subject,
            new ImagePixels(image.Shape, [.. image.Pixels.Values<byte>().ToArray().Select(value => (ushort)(value * 16 * scale))]),
            image.Annotations));

        var report = DataReport.Of(new MemoryImages(images), window is null ? null : IntensityWindow.Parse(window));

        Assert.Multiple(() =>
        {
            Assert.That(report.Window?.ToString(), Is.EqualTo(window));
            Assert.That(report.SuggestedWindow?.ToString(), Is.EqualTo(suggested));
            Assert.That(report.IsSound, Is.EqualTo(isSound));
            Assert.That(problem is null || report.Findings.Any(finding => finding.Problem == problem));
        });
    }

    [Test]
    public void A_subject_in_two_folds_is_a_leak()
    {
        var report = DataReport.Of(new MemoryImages(Sound, fold: position => position % 2));

        Assert.That(report.Findings.Select(finding => finding.Problem), Is.All.EqualTo("A subject is in several folds"));
        Assert.That(report.IsSound, Is.False);
    }

    [Test]
    public void Images_without_subjects_are_a_note_alone()
    {
        var report = DataReport.Of(new MemoryImages([.. Sound.Select(image => Named(image, image.Id, image.Id))]));

        Assert.That(
            report.Findings.Select(finding => (finding.Harm, finding.Problem)),
            Is.EqualTo(new[] { (FindingHarm.Note, "Every image is its own subject") }));
    }

    [Test]
    public void Figures_are_those_of_the_closed_form()
    {
        // Two by two of eight by eight pixels: areas 4, 2 and 0; overlaps 2/4, 0 and 0.
        var shape = new ImageShape(1, 8, 8);
        var masks = new byte[3 * 64];
        (masks[0], masks[1], masks[8], masks[9]) = (1, 1, 1, 1);
        (masks[64], masks[65]) = (1, 1);
        byte[] pixels = [.. Enumerable.Range(0, 64).Select(i => (byte)(51 + i))];
        var report = DataReport.Of(
            new MemoryImages([new AnnotatedImage("a", "s", new ImagePixels(shape, pixels), new MaskSet(shape.Size, masks, ["x", "y", "z"]))]));

        Assert.Multiple(() =>
        {
            Assert.That(report.Readers, Is.EqualTo(new[]
            {
                new ReaderStatistics("x", 1, 0, 4, 4, 4, 0.25), new ReaderStatistics("y", 1, 0, 2, 2, 2, 0.25),
                new ReaderStatistics("z", 1, 1, double.NaN, 0, 0, 0),
            }));
            Assert.That(report.Agreement, Is.EqualTo(0.5 / 3).Within(1e-12));
            Assert.That((report.Lowest, report.Highest), Is.EqualTo((51 / 255f, 114 / 255f)));
            Assert.That(report.Sizes, Is.EqualTo(new[] { KeyValuePair.Create(shape, 1) }));
            Assert.That(report.MasksOfAnImage, Is.EqualTo(new[] { KeyValuePair.Create(3, 1) }));
        });
    }

    [Test]
    public void The_sheet_shows_ten_images_first_those_with_findings()
    {
        using var folder = new TemporaryFolder();
        AnnotatedImage[] images = [.. Sound];
        images[4] = WithMasks(images[4], Full);
        var report = DataReport.Of(new MemoryImages(images));
        report.SaveSheet(folder.Combine("sheet.png"));

        Assert.Multiple(() =>
        {
            Assert.That(report.Suspects, Has.Count.EqualTo(10));
            Assert.That(report.Suspects[0].Image.Id, Is.EqualTo(images[4].Id));
            Assert.That(report.Suspects[0].Reason, Is.EqualTo("A mask is foreground everywhere"));
            Assert.That(report.Suspects.Skip(1).Select(suspect => suspect.Image.Subject), Is.Unique);

            // Tiles are 256 pixels, two for each image; gaps are 6 pixels, those around and below 18.
            Assert.That(
                ImageFile.ReadHeader(folder.Combine("sheet.png")).Shape.Size, Is.EqualTo(new ImageSize((2 * ((2 * 256) + 6 + 18)) + 18, (5 * 262) - 6 + 36)));
        });
    }

    [Test]
    public void Each_class_has_its_share_and_its_agreement()
    {
        using var folder = new TemporaryFolder();
        (string, byte[])[] files = [("images/a", new byte[6]), ("masks/a_r1", [0, 1, 2, 2, 0, 1]), ("masks/a_r2", [0, 1, 1, 2, 0, 0])];
        foreach (var (file, values) in files)
        {
            ImageFile.Write(folder.Combine($"{file}.png".Split('/')), new ImagePixels(new ImageShape(1, 2, 3), values));
        }

        var report = DataReport.Of(ImageFolder.Open(folder.Path, reading: new ReadingOptions { Classes = ClassValues.Parse("core=1,rim=2,edge=3") }));

        // Core: 2 and 2 pixels, 1 of 3 in common. Rim: 2 and 1, 1 of 2. Two masks without an edge agree.
        Assert.Multiple(() =>
        {
            Assert.That(report.Classes, Is.EqualTo(new[]
            {
                new ClassStatistics("core", 2, 0, 2, 4 / 12.0, 1 / 3.0), new ClassStatistics("rim", 2, 0, 1.5, 3 / 12.0, 0.5),
                new ClassStatistics("edge", 2, 2, double.NaN, 0, 1),
            }));
            Assert.That(report.Agreement, Is.EqualTo(11 / 18.0).Within(1e-12));
            Assert.That(report.Readers[0], Is.EqualTo(new ReaderStatistics("mask 1", 1, 0, 4, 4, 4, 11 / 18.0)).Using<ReaderStatistics>((a, b) =>
                a with { Agreement = 0 } == b with { Agreement = 0 } && Math.Abs(a.Agreement - b.Agreement) < 1e-12));
            Assert.That(report.Findings.Select(finding => $"{finding}"), Has.Some.Contains("A class is in no mask").And.Some.Contains("edge"));
        });
    }

    [TestCase(3, new byte[] { 1, 1, 0, 0 }, "mask 2 has rim in none of 4 masks, and others have it in 3 of these images, such as 'a0'.")]
    [TestCase(2, new byte[] { 1, 1, 0, 0 }, null)]
    [TestCase(3, new byte[] { 1, 1, 0, 2 }, null)]
    [TestCase(3, new byte[] { 0, 0, 0, 0 }, null)]
    public void A_reader_who_never_draws_a_class_that_others_draw_is_a_finding(int drawn, byte[] second, string? detail)
    {
        using var folder = new TemporaryFolder();
        for (var i = 0; i < 4; i++)
        {
            Write($"images/a{i}", [1, 2, 3, 4]);
            Write($"masks/a{i}_r1", i < drawn ? [1, 2, 0, 0] : [1, 0, 0, 0]);
            Write($"masks/a{i}_r2", second);
        }

        var report = DataReport.Of(ImageFolder.Open(folder.Path, reading: new ReadingOptions { Classes = ClassValues.Parse("core=1,rim=2") }));
        var found = report.Findings.Where(finding => finding.Problem == "A reader never draws a class").ToArray();

        Assert.That(found.Select(finding => finding.Harm), detail is null ? Is.Empty : Is.EqualTo(new[] { FindingHarm.Suspicious }));
        Assert.That(found.Select(finding => finding.Detail), detail is null ? Is.Empty : Has.One.StartsWith(detail));

        void Write(string file, byte[] values) => ImageFile.Write(folder.Combine($"{file}.png".Split('/')), new ImagePixels(new ImageShape(1, 1, 4), values));
    }

    private static TestCaseData Fault(string name, FindingHarm harm, string problem, Action<AnnotatedImage[]> spoil) =>
        new TestCaseData(harm, problem, spoil).SetArgDisplayNames(name);

    private static AnnotatedImage[] Read(ImageSource source) => [.. Enumerable.Range(0, source.Count).Select(source.Read)];

    private static AnnotatedImage Named(AnnotatedImage image, string id, string subject) => new(id, subject, image.Pixels, image.Annotations);

    private static byte[] Changed(AnnotatedImage image, Func<byte, int, double> change) =>
        [.. image.Pixels.Values<byte>().ToArray().Select((value, i) => (byte)change(value, i))];

    private static AnnotatedImage WithPixels(AnnotatedImage image, byte[] pixels) =>
        new(image.Id, image.Subject, new ImagePixels(image.Shape, pixels), image.Annotations);

    private static void All(AnnotatedImage[] images, Func<AnnotatedImage, AnnotatedImage> change)
    {
        AnnotatedImage[] changed = Array.ConvertAll(images, image => change(image));
        changed.CopyTo(images, 0);
    }

    private static void Floats(AnnotatedImage[] images, Func<byte, float> change) => All(images, image => new AnnotatedImage(
        image.Id, image.Subject, new ImagePixels(image.Shape, [.. image.Pixels.Values<byte>().ToArray().Select(change)]), image.Annotations));

    private static AnnotatedImage WithMasks(AnnotatedImage image, Func<int, byte[], byte[]> change)
    {
        byte[] values = [.. Enumerable.Range(0, image.Annotations.Count).SelectMany(reader => change(reader, image.Annotations[reader].ToArray()))];
        var masks = values.Length / Size.PixelCount;
        return new AnnotatedImage(
            image.Id, image.Subject, image.Pixels, new MaskSet(Size, values, masks == image.Annotations.Count ? image.Annotations.Readers : null));
    }

    private static void Replace(AnnotatedImage[] images, Func<int, byte[], byte[]> change)
    {
        for (var i = 0; i < images.Length; i++)
        {
            images[i] = new AnnotatedImage(
                images[i].Id, images[i].Subject, images[i].Pixels, new MaskSet(Size, change(i, images[i].Annotations.Values), images[i].Annotations.Readers));
        }
    }

    private static byte[] Full(int reader, byte[] values) => [.. Enumerable.Repeat((byte)1, values.Length)];

    private static byte[] Inverted(int reader, byte[] values) => Array.ConvertAll(values, value => (byte)(1 - value));

    private static Func<int, byte[], byte[]> Turn(int orientation) => (_, values) =>
    {
        var turned = new byte[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var (y, x) = Torch.Inspection.SquareSymmetry.Apply(orientation, i / Side, i % Side, Size);
            turned[(y * Side) + x] = values[i];
        }

        return turned;
    };
}
