using System.Text.Json.Nodes;
using AmbiSSL.Cli.Arguments;
using AmbiSSL.Cli.Output;

namespace AmbiSSL.Cli.Tests.Output;

/// <summary>Images that go from file to files are counted by the manifest as others are.</summary>
internal sealed class PredictionFolderTests : CliFixture
{
    private static readonly ImageRecord Slide = new() { Id = "slide", Subject = "patient" };
    private static readonly UncertaintyScores Uncertainty = new(0.25, 0.5, PerForegroundPixel: 2);

    [Test]
    public void A_large_image_has_a_line_in_the_manifest_and_in_the_measurements()
    {
        var folder = Draw();

        Assert.That(Tool.Succeed("merge", "--out", At("out")), Does.StartWith($"All 1 images are there: {folder.ManifestPath} and {folder.MeasurementsPath}."));
        Assert.That(File.ReadAllLines(folder.ManifestPath)[1], Does.StartWith("slide,abc,"));
        var line = CsvFile.Read(folder.MeasurementsPath).Single();
        string[] columns =
            ["image", "subject", "pixels", "area_pixels_median", "area_mm2_median", "uncertainty_patch_maximum", "unlikeness", "s2_diameter_pixels"];
        Assert.That(columns.Select(column => line[column]), Is.EqualTo((string[])["slide", "patient", "abc", "4", "", "0.5", "", "7"]));
    }

    [Test]
    public void A_file_of_a_large_image_that_is_gone_or_another_is_named()
    {
        Draw();
        File.AppendAllText(At("out", "probability", "slide.png"), "x");
        Assert.That(
            Tool.Run("merge", "--out", At("out")).Error,
            Does.StartWith($"The files of image 'slide' in '{At("out")}' are not those that its shard wrote"));

        File.Delete(At("out", "probability", "slide.png"));
        Assert.That(
            Tool.Run("merge", "--out", At("out")).Error,
            Does.StartWith($"1 of 1 images are missing in '{At("out")}': slide. Give the command again with --shard 0/2."));
    }

    [Test]
    public void A_large_image_whose_file_is_another_is_refused()
    {
        var folder = Draw();

        Assert.That(folder.IsDone("slide") && folder.RequirePixels("slide", "abc"), Is.True);
        Assert.That(() => folder.RequirePixels("slide", "def"), Throws.InstanceOf<IOException>().With.Message.Contains("predictions of another image 'slide'"));
    }

    [TestCase(
        false, "masks/slide_s1.png masks/slide_s2.png consensus/slide.png probability/slide_core.png probability/slide_rim.png uncertainty/slide.png")]
    [TestCase(
        true,
        "masks/slide_s1_core.png masks/slide_s1_rim.png masks/slide_s2_core.png masks/slide_s2_rim.png consensus/slide_core.png "
        + "consensus/slide_rim.png probability/slide_core.png probability/slide_rim.png uncertainty/slide.png")]
    public void A_large_image_of_several_classes_has_files_of_the_names_that_others_have(bool overlap, string names)
    {
        SampleFiles? drawn = null;
        var settings = new JsonObject { ["command"] = "predict", ["samples"] = 2, ["large"] = new JsonArray("slide") };
        ClassesSetting.Add(settings, new MaskClasses(["core", "rim"], overlap));
        var folder = PredictionFolder.Begin(At("out"), outlines: true, overlays: true, settings, ["slide"]);

        folder.WriteLarge(Slide, "abc", files =>
        {
            drawn = files;
            return new SampleMeasurements([new(3, 6), new(30, 60), new(5, 7), new(50, 70)], Uncertainty);
        });

        Assert.That(CsvFile.Read(At("out", "measurements", "slide.csv")).Single()["s2_rim_area_pixels"], Is.EqualTo("50"));
        string[] all = [.. drawn!.Masks, .. drawn.Consensus, .. drawn.Probability, drawn.Uncertainty];
        Assert.That(all.Select(path => Path.GetRelativePath(At("out"), path).Replace('\\', '/')), Is.EqualTo(names.Split(' ')));
        Array.ForEach(all, file => File.WriteAllText(file, file));
        Assert.That(folder.IsDone("slide"), Is.True);
    }

    [Test]
    public void Classes_of_two_images_that_would_be_one_file_are_refused()
    {
        var settings = new JsonObject { ["command"] = "predict", ["samples"] = 2 };
        ClassesSetting.Add(settings, new MaskClasses(["rim", "core_rim"]));

        Assert.That(
            () => PredictionFolder.Begin(At("out"), outlines: false, overlays: false, settings, ["a", "a_core"]),
            Throws.InstanceOf<IOException>().With.Message.EqualTo(
                "Class 'core_rim' of image 'a' and class 'rim' of image 'a_core' would both be written to 'a_core_rim.png'; rename one of the images."));
        Assert.That(Directory.Exists(At("out")), Is.False);
    }

    private PredictionFolder Draw()
    {
        var settings = new JsonObject { ["command"] = "predict", ["samples"] = 2, ["large"] = new JsonArray("slide") };
        var folder = PredictionFolder.Begin(At("out"), outlines: true, overlays: true, settings, ["slide"]);
        folder.WriteLarge(Slide, "abc", files =>
        {
            foreach (var file in (string[])[.. files.Masks, .. files.Consensus, .. files.Probability, files.Uncertainty])
            {
                File.WriteAllText(file, file);
            }

            return new SampleMeasurements([new(3, 6), new(5, 7)], Uncertainty);
        });
        folder.WriteManifest(new Shard(0, 2), ["slide"]);
        return folder;
    }
}
