using System.Text.Json.Nodes;
using AmbiSSL.Torch.Reports;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Reports;

public sealed class EvaluationReportTests
{
    [Test]
    public void The_page_has_the_figures_of_an_evaluation()
    {
        (AnnotatedImage Image, SampledMasks Drawn)[] images =
        [
            (TinyReport.Image("a", "s1", 3, 5), TinyReport.Drawn(4, 6)), (TinyReport.Image("b", "s2", 8, 8), TinyReport.Drawn(1, 16)),
        ];
        var report = new EvaluationReport("title", "note", "model");
        foreach (var (image, drawn) in images)
        {
            report.Add(image, [drawn]);
        }

        var page = TinyReport.Values(report);
        var summary = ScoreSummary.Of(
            [.. images.Select(one => ImageScores.Compute(one.Drawn.Masks, one.Drawn.Probability, one.Image.Annotations.Values, 4, 4))]);
        Assert.Multiple(() =>
        {
            Assert.That(page["figures"]!.AsArray().Select(figure => (string)figure!["name"]!), Is.EqualTo(Figure.Usual.Select(figure => figure.Name)));
            Assert.That(page["models"]![0]!["means"]!.AsArray().Select(Number), Is.EqualTo(Figure.Usual.Select(figure => summary[figure].Mean)));
            Assert.That((int)page["models"]![0]!["samples"]!, Is.EqualTo(2));
            Assert.That(page["images"]!.AsArray().Select(image => (string)image!["subject"]!), Is.EqualTo((string[])["s1", "s2"]));
        });
    }

    [TestCase(false, "0 or more pixels", "0 or more pixels")]
    [TestCase(true, "0 or more mm2", "0 or more mm")]
    public void The_page_tells_the_unit_of_areas_and_distances(bool hasSpacing, string area, string distance)
    {
        Figure[] figures = [Figure.AreaScore, Figure.ConsensusHausdorffMajority];
        var report = new EvaluationReport("title", "", "model") { Figures = new FigureOptions { Figures = figures } };
        PixelSpacing? spacing = hasSpacing ? new PixelSpacing(0.5, 0.5) : null;
        report.Add(TinyReport.Image("a", "s", 8), [TinyReport.Drawn(8)], spacing);

        var ranges = TinyReport.Values(report)["figures"]!.AsArray().Select(figure => (string)figure!["range"]!);
        Assert.That(ranges.TakeLast(2), Is.EqualTo((string[])[area, distance]));
        Assert.That(
            () => report.Add(TinyReport.Image("b", "s", 8), [TinyReport.Drawn(8)], hasSpacing ? null : new PixelSpacing(1, 1)),
            Throws.ArgumentException.With.Message.StartsWith($"Image 'b' has {(hasSpacing ? "no spacing" : "a spacing")}, unlike those before;"));
    }

    [Test]
    public void Outlines_with_a_promise_are_on_the_page_for_the_models_that_have_them()
    {
        var report = new EvaluationReport("title", "", "A", "B") { Outlines = [null, new ConformalOutlines(0.9, 0.9, 0.2)] };
        report.Add(TinyReport.Image("a", "s1", 8), [TinyReport.Drawn(8), TinyReport.Drawn(4, 8)]);

        var page = TinyReport.Values(report);
        string[] inner = [MaskRuns.Encode(TinyReport.Masks(4)), MaskRuns.Encode(TinyReport.Masks(8))];
        Assert.That(page["models"]!.AsArray().Select(model => (double?)model!["coverage"]), Is.EqualTo((double?[])[null, 0.9]));
        Assert.That(
            page["images"]![0]!["models"]!.AsArray().Select(model => model!["outlines"]!.AsArray().Select(runs => (string)runs!)),
            Is.EqualTo((string[][])[[], inner]), "the inner outline holds 4 pixels, the outer one 8");
    }

    [Test]
    public void Two_models_have_their_difference_image_by_image()
    {
        // Single masks: GED is twice 1 - IoU. The first model is right, the second has half of the pixels in one image and a quarter in the other.
        var report = new EvaluationReport("title", "", "A", "B");
        report.Add(TinyReport.Image("a", "s1", 8), [TinyReport.Drawn(8), TinyReport.Drawn(4)]);
        report.Add(TinyReport.Image("b", "s2", 8), [TinyReport.Drawn(8), TinyReport.Drawn(2)]);

        var difference = TinyReport.Values(report)["difference"]!;
        Assert.That((double)difference["means"]![0]!, Is.EqualTo(-1.25).Within(1e-12));
        Assert.That(difference["intervals"]![0]!.AsArray().Select(Number), Is.EqualTo((double[])[-1.5, -1]).Within(1e-12));
    }

    [Test]
    public void Reliability_is_the_share_of_experts_among_pixels_of_like_probability()
    {
        // Probability 1 on four pixels, which half of the experts call foreground, 0.5 on the next four, which none does.
        var report = new EvaluationReport("title", "", "model");
        report.Add(TinyReport.Image("a", "s", 4, 0), [TinyReport.Drawn(4, 8)]);

        var bins = TinyReport.Values(report)["models"]![0]!["reliability"]!.AsArray().Select(bin => bin!.AsArray().Select(Number).ToArray());
        Assert.That(bins, Is.EqualTo((double[][])[[0, 0, 8], [0.5, 0, 4], [1, 0.5, 4]]));
    }

    [Test]
    public void The_share_of_pixels_that_count_is_told()
    {
        var report = new EvaluationReport("title", "note", "model");
        var image = TinyReport.Image("a", "s", 8);
        byte[] ignored = [.. Enumerable.Range(0, 16).Select(i => i < 4 ? (byte)1 : (byte)0)];
        report.Add(
            new AnnotatedImage("a", "s", image.Pixels, new MaskSet(TinyReport.Size, image.Annotations.Values, ignored: ignored)), [TinyReport.Drawn(8)]);

        Assert.That(
            (string)TinyReport.Values(report)["note"]!,
            Is.EqualTo("note Figures are of the 75.0 % of the pixels that no reader of their image ignores."));
    }

    [Test]
    public void Masks_without_foreground_are_told()
    {
        var report = new EvaluationReport("title", "", "model");
        report.Add(TinyReport.Image("a", "s", 0, 0), [TinyReport.Drawn(8)]);

        Assert.That(
            (string)TinyReport.Values(report)["note"]!,
            Is.EqualTo("No expert's mask has a pixel of foreground, so that figures tell only whether the model draws nothing."));
    }

    [Test]
    public void Curves_of_a_training_name_their_model_by_position()
    {
        var report = new EvaluationReport("title", "", "A", "B");
        report.Add(TinyReport.Image("a", "s", 8), [TinyReport.Drawn(8), TinyReport.Drawn(4)]);
        report.AddCurve("B", "loss", [(1, 0.5), (3, 0.25)]);

        Assert.That(
            TinyReport.Values(report)["curves"]!.ToJsonString(), Is.EqualTo("""[{"model":1,"name":"loss","epochs":[1,3],"values":[0.5,0.25]}]"""));
        Assert.That(
            () => report.AddCurve("C", "loss", [(1, 0.5)]),
            Throws.ArgumentException.With.Message.StartsWith("'C' is none of the report's models (A, B)."));
        Assert.That(
            () => report.AddCurve("A", "loss", [(1, double.NaN)]),
            Throws.ArgumentException.With.Message.StartsWith("Curve 'loss' of 'A' has no point, or a value that"));
    }

    [Test]
    public void Dice_of_readers_is_that_of_the_consensus()
    {
        var report = new EvaluationReport("title", "", "model");
        var image = TinyReport.Image("a", "s", 8);
        report.Add(
            new AnnotatedImage("a", "s", image.Pixels, new MaskSet(TinyReport.Size, image.Annotations.Values, ["anna"])),
            [TinyReport.Drawn(4, 8) with { Consensus = TinyReport.Masks(8) }]);

        Assert.That(Number(TinyReport.Values(report)["readers"]![0]!["dice"]![0]), Is.EqualTo(1), "and not that of the pixels above one half, 2·4 / (4 + 8)");
    }

    [Test]
    public void Readers_who_are_known_have_their_Dice()
    {
        var image = TinyReport.Image("a", "s", 4, 8);
        var report = new EvaluationReport("title", "", "model");
        report.Add(new AnnotatedImage("a", "s", image.Pixels, new MaskSet(TinyReport.Size, image.Annotations.Values, ["ben", "anna"])), [TinyReport.Drawn(8)]);

        var readers = TinyReport.Values(report)["readers"]!.AsArray();
        Assert.That(readers.Select(reader => (string)reader!["name"]!), Is.EqualTo((string[])["anna", "ben"]));
        Assert.That(readers.Select(reader => Number(reader!["dice"]![0])), Is.EqualTo((double[])[1, 2 * 4 / 12.0]).Within(1e-12));
    }

    [Test]
    public void Of_a_large_image_every_second_pixel_is_shown()
    {
        var shape = new ImageShape(1, 3, 1024);
        var mask = Enumerable.Range(0, shape.PixelCount).Select(i => (byte)(i % 1024 >= 512 ? 1 : 0)).ToArray();
        var report = new EvaluationReport("title", "", "model");
        report.Add(
            new AnnotatedImage("wide", "s", new ImagePixels(shape, new byte[shape.Length]), new MaskSet(shape.Size, mask)),
            [new SampledMasks(mask, new float[mask.Length])]);

        // Two rows of 256 pixels of background and as many of foreground: 256 is the bytes 128 and 2.
        var expected = Convert.ToBase64String([128, 2, 128, 2, 128, 2, 128, 2]);
        var image = TinyReport.Values(report)["images"]![0]!;
        Assert.That(((string)image["experts"]![0]!, (int)image["width"]!), Is.EqualTo((expected, 1024)));
    }

    [Test]
    public void Names_cannot_end_the_element_that_holds_them()
    {
        var report = new EvaluationReport("</script><b>", "", "model");
        report.Add(TinyReport.Image("a", "s", 4), [TinyReport.Drawn(4)]);

        Assert.That((string)TinyReport.Values(report)["title"]!, Is.EqualTo("</script><b>"));
    }

    [Test]
    public void Another_number_of_samples_is_refused()
    {
        var report = new EvaluationReport("title", "", "model");
        report.Add(TinyReport.Image("a", "s", 4), [TinyReport.Drawn(4)]);

        Assert.That(
            () => report.Add(TinyReport.Image("b", "s", 4), [TinyReport.Drawn(4, 5)]),
            Throws.ArgumentException.With.Message.StartsWith("For image 'b' the model 'model' drew 2 masks, and 1 for those before"));
        Assert.That(report.Count, Is.EqualTo(1));
    }

    [Test]
    public void Masks_of_one_model_in_a_report_of_two_are_refused() => Assert.That(
        () => new EvaluationReport("title", "", "A", "B").Add(TinyReport.Image("a", "s", 4), [TinyReport.Drawn(4)]),
        Throws.ArgumentException.With.Message.StartsWith("There are masks of 1 models; the report is of 2."));

    [Test]
    public void Classes_have_their_colors_figures_masks_and_probabilities()
    {
        var report = new EvaluationReport("Classes", "", "model");
        report.Add(TinyReport.ImageOfClasses("a", 4, 4), [TinyReport.DrawnClasses(2, 2, 2)]);

        var values = TinyReport.Values(report);

        Assert.That(
            values["classes"]!.AsArray().Select(own => ((string)own!["name"]!, (string)own["color"]!)),
            Is.EqualTo(((string, string)[])[("core", "#56B4E9"), ("rim", "#E69F00")]));

        // Of masks that are all the same GED is twice 1 - IoU: of cores of 4 and 2 pixels, of rims that have 6 of 10 in common.
        var ged = values["figures"]!.AsArray().ToList().FindIndex(figure => (string)figure!["name"]! == nameof(Figure.Ged));
        var (model, image) = (values["models"]![0]!, values["images"]![0]!);
        Assert.That(model["classMeans"]!.AsArray().Select(means => (double)means![ged]!), Is.EqualTo((double[])[1, 0.8]).Within(1e-12));
        Assert.That((double)model["means"]![ged]!, Is.EqualTo(0.9).Within(1e-12));
        Assert.That((int)model["samples"]!, Is.EqualTo(3));
        Assert.That(image["experts"]!.AsArray(), Has.Count.EqualTo(4));
        Assert.That(image["models"]![0]!["masks"]!.AsArray(), Has.Count.EqualTo(6));
        Assert.That(image["models"]![0]!["probability"]!.AsArray(), Has.Count.EqualTo(2));
    }

    [Test]
    public void Images_of_other_classes_are_refused()
    {
        var report = new EvaluationReport("Classes", "", "model");
        report.Add(TinyReport.ImageOfClasses("a", 4), [TinyReport.DrawnClasses(2)]);

        Assert.That(
            () => report.Add(TinyReport.Image("b", "s1", 8), [TinyReport.Drawn(8)]),
            Throws.ArgumentException.With.Message.StartsWith(
                "Image 'b' has the classes foreground, those before core, rim; a report is of images of the same classes."));
    }

    [Test]
    public void An_image_without_masks_is_refused() => Assert.That(
        () => new EvaluationReport("title", "", "A").Add(TinyReport.Image("a", "s"), [TinyReport.Drawn(4)]), Throws.ArgumentException);

    [Test]
    public void An_empty_report_is_not_saved() => Assert.That(
        () => new EvaluationReport("title", "", "A").Save("never.html"), Throws.InvalidOperationException.With.Message.StartsWith("The report has no image"));

    private static double Number(JsonNode? value) => value is null ? double.NaN : (double)value;
}
