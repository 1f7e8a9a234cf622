using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AmbiSSL.Cli.Data;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.Cli.Tests.Commands;

internal sealed class EvaluateCommandTests : CliFixture
{
    [TestCase(null)]
    [TestCase(1)]
    public void The_figures_are_those_of_the_catalog(int? fold)
    {
        string[] held = fold is { } k ? ["--folds", "4", "--fold", $"{k}"] : [];
        Tool.Succeed(["evaluate", "--model", Model, "--data", Data, "--samples", "3", "--json", At("new", "figures.json"), .. held]);

        var json = JsonNode.Parse(File.ReadAllText(At("new", "figures.json")))!.AsObject();
        var context = new MLContext();
        using var model = TrainedModel.Load(context, Model, samples: 2);
        var source = ImageSources.Open(Data);
        var segmentation = context.AmbiguousSegmentation();
        var heldOut = SubjectSplit.Folds(source.Records, 4, seed: 7).Where(pair => fold is null || pair.Value == fold).Select(pair => pair.Key);
        var rows = segmentation.FilterSubjects(segmentation.Load(source), heldOut.ToHashSet());
        var expected = segmentation.Evaluate(model.Segmentation.WithSamples(3).Transform(rows));
        Assert.Multiple(() =>
        {
            Assert.That(json.Select(member => member.Key), Is.EqualTo((string[])["images", "samples", .. Figure.Usual.Select(Key)]));
            Assert.That((int)json["images"]!, Is.EqualTo(fold is null ? 16 : 4).And.EqualTo(expected.Images));
            Assert.That((int)json["samples"]!, Is.EqualTo(3));
            foreach (var figure in Figure.Usual)
            {
                Assert.That((double?)json[Key(figure)] ?? double.NaN, Is.EqualTo(expected[figure].Mean), figure.Name);
            }
        });
    }

    [Test]
    public void Other_figures_are_chosen_by_name_and_written_for_each_image()
    {
        var table = Tool.Succeed(
            "evaluate", "--model", Model, "--data", Data, "--samples", "3", "--figures", "GED,consensus*,riskCoverageArea", "--json", At("figures.json"),
            "--csv", At("figures.csv"));

        string[] consensus = [.. Figure.All.Where(figure => figure.Name.StartsWith("Consensus", StringComparison.Ordinal)).Select(Key)];
        var json = JsonNode.Parse(File.ReadAllText(At("figures.json")))!.AsObject();
        Assert.That(json.Select(member => member.Key), Is.EqualTo((string[])["images", "samples", "ged", .. consensus, "riskCoverageArea"]));
        var lines = File.ReadAllLines(At("figures.csv")).Select(line => line.Split(',')).ToArray();
        Assert.That(lines[0], Is.EqualTo((string[])["image", "subject", "ged", .. consensus]));
        Assert.That(lines.Skip(1).Select(line => line[0]), Is.EqualTo(ImageSources.Open(Data).Records.Select(record => record.Id)));
        Assert.That(
            lines.Skip(1).Average(line => double.Parse(line[2], CultureInfo.InvariantCulture)), Is.EqualTo((double)json["ged"]!).Within(1e-12));
        Assert.That(table, Does.Contain(" 0 or more pixels "), "the files do not tell the spacing of pixels");
    }

    [Test]
    public void Figures_may_be_named_one_by_one()
    {
        Tool.Succeed(
            "evaluate", "--model", Model, "--data", Data, "--samples", "2", "--figures", "ged", "--figures", "brier", "--json", At("figures.json"));

        Assert.That(
            JsonNode.Parse(File.ReadAllText(At("figures.json")))!.AsObject().Select(member => member.Key),
            Is.EqualTo((string[])["images", "samples", "ged", "brier"]));
    }

    [Test]
    public void A_fold_is_refused_where_each_model_of_an_ensemble_held_out_others()
    {
        Tool.Succeed(["train", "--data", Data, "--labeled", "0.5", "--fold", "1", "--seed", "8", "--out", At("other.zip"), .. TinyModel]);

        Assert.That(
            Tool.Run("evaluate", "--model", Model, "--model", At("other.zip"), "--data", Data, "--fold", "1").Error,
            Does.StartWith($"'{Data}' names no folds, and they follow from the seed of a training, which the models of the ensemble do not share"));
    }

    [TestCase("--figures", "ged,brie", "--figures: 'brie' is no figure; give usual, all, or some of ged, diceSoft,")]
    [TestCase("--tolerance", "2", "--tolerance is that of surface Dice; name consensusSurfaceDiceMajority or")]
    [TestCase("--tolerance", "-1", "--tolerance is -1; it must be at least 0.")]
    public void Figures_that_cannot_be_are_refused(string option, string value, string error) =>
        Assert.That(Tool.Run("evaluate", "--model", Model, "--data", Data, option, value).Error, Does.Contain(error));

    [Test]
    public void A_picture_of_the_best_and_worst_needs_their_GED() => Assert.That(
        Tool.Run("evaluate", "--model", Model, "--data", Data, "--figures", "brier", "--picture", At("cases.png")).Error,
        Does.Contain("--picture shows the images of the lowest and the highest GED; name ged among --figures too."));

    [Test]
    public void A_figure_that_is_not_a_number_is_null()
    {
        Tool.Succeed("evaluate", "--model", Model, "--data", Data, "--samples", "1", "--json", At("figures.json"));

        var json = JsonNode.Parse(File.ReadAllText(At("figures.json")))!.AsObject();
        Assert.That(json, Does.ContainKey("sampleDiversity"));
        Assert.That(json["sampleDiversity"], Is.Null, "one sample is at no distance from another");
    }

    [Test]
    public void The_table_has_a_row_for_every_figure()
    {
        var rows = Tool.Succeed("evaluate", "--model", Model, "--data", Data, "--samples", "2").Split('\n');

        Assert.That(rows[0], Does.Contain("16 images, 2 samples"));
        Assert.Multiple(() =>
        {
            foreach (var figure in Figure.Usual)
            {
                var own = rows.Where(row => row.Contains($" {figure.Title} ", StringComparison.Ordinal)).ToArray();
                Assert.That(own, Has.Length.EqualTo(1), figure.Name);
                Assert.That(own, Has.All.Contains($" {figure.Range} "), figure.Name);
            }
        });
    }

    [Test]
    public void The_picture_is_of_the_best_the_median_and_the_worst_image()
    {
        var text = Tool.Succeed("evaluate", "--model", Model, "--data", Data, "--samples", "2", "--picture", At("new", "cases.png"));

        var context = new MLContext();
        using var model = TrainedModel.Load(context, Model, samples: 2);
        var source = ImageSources.Open(Data);
        var segmentation = context.AmbiguousSegmentation();
        var scored = model.Segmentation.Transform(segmentation.Load(source));
        var ranked = segmentation.Evaluate(scored).PerImage.GetColumn<double>("Ged").Zip(source.Records).OrderBy(image => image.First).ToArray();
        var sheet = new MaskSheet(2);
        foreach (var image in new[] { ranked[0], ranked[7], ranked[15] })
        {
            var one = new ImageSelection(source, [source.Records.ToList().IndexOf(image.Second)], () => { });
            var drawn = ScoredImage.Read(model, one).Single();
            sheet.Add(drawn.Image, drawn.Masks, drawn.Probability, drawn.Uncertainty);
        }

        sheet.Save(At("expected.png"));
        Assert.That(File.ReadAllBytes(At("new", "cases.png")), Is.EqualTo(File.ReadAllBytes(At("expected.png"))));
        Assert.That(text, Does.EndWith(string.Create(CultureInfo.InvariantCulture,
            $"""
            best: {ranked[0].Second.Id}, GED {ranked[0].First:F4}
            median: {ranked[7].Second.Id}, GED {ranked[7].First:F4}
            worst: {ranked[15].Second.Id}, GED {ranked[15].First:F4}

            """).ReplaceLineEndings()));
    }

    [Test]
    public void A_device_that_is_not_there_is_an_error_and_not_the_CPU() => Assert.That(
        Tool.Run("evaluate", "--model", Model, "--data", Data, "--device", "cuda:99").Error,
        Does.Contain("Device cuda:99 was asked for, but libtorch sees"));

    [Test]
    public void Images_go_through_the_networks_together_where_that_is_asked_for()
    {
        using var model = TrainedModel.Load(new MLContext(), Model, ComputeDevice.Cpu, samples: 2, imagesPerForward: 16);

        Assert.That((model.Segmentation.ImagesPerForward, model.Segmentation.BatchSize, model.Segmentation.Samples), Is.EqualTo((16, 16, 2)));
    }

    [Test]
    public void Data_without_a_mask_is_refused()
    {
        Unlabeled.Write(Data, At("data"));

        var run = Tool.Run("evaluate", "--model", Model, "--data", At("data"));

        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Error, Does.StartWith($"None of the images of '{At("data")}' to evaluate on has a mask"));
    }

    private static string Key(Figure figure) => JsonNamingPolicy.CamelCase.ConvertName(figure.Name);
}
