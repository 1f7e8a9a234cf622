using System.Globalization;
using AmbiSSL.Cli.Data;
using AmbiSSL.Torch.Imaging;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.Cli.Tests.Commands;

internal sealed class PredictCommandTests : CliFixture
{
    private static readonly string[] Ids = [.. Enumerable.Range(0, 16).Select(index => $"synthetic_{index:00000}")];

    [Test]
    public void The_files_hold_what_the_model_gives()
    {
        Predict("--samples", "2");

        var context = new MLContext();
        using var model = TrainedModel.Load(context, Model);
        var scored = model.Segmentation.WithSamples(2).Transform(context.AmbiguousSegmentation().LoadFolder(Data));
        var masks = scored.GetColumn<byte[]>("Masks").ElementAt(5);
        var probability = scored.GetColumn<float[]>("Probability").ElementAt(5);
        var uncertainty = scored.GetColumn<float[]>("Uncertainty").ElementAt(5);
        Assert.Multiple(() =>
        {
            Assert.That(Written("masks"), Is.EquivalentTo(Ids.SelectMany(id => (string[])[$"{id}_s1.png", $"{id}_s2.png"])));
            Assert.That(Written("consensus"), Is.EquivalentTo(Ids.Select(id => $"{id}.png")));
            Assert.That(
                ImageFile.ReadImage(At("out", "consensus", $"{Ids[5]}.png")).ToFloats().Select(value => value > 0),
                Is.EqualTo(probability.Select(value => value > 0.5f)));
            Assert.That(Written("probability"), Is.EquivalentTo(Ids.Select(id => $"{id}.png")));
            Assert.That(Written("uncertainty"), Is.EquivalentTo(Ids.Select(id => $"{id}.png")));
            Assert.That(Written("sheets"), Is.EquivalentTo(Ids.Select(id => $"{id}.png")));
            Assert.That(BitDepth(At("out", "masks", $"{Ids[5]}_s2.png")), Is.EqualTo(8));
            Assert.That(BitDepth(At("out", "probability", $"{Ids[5]}.png")), Is.EqualTo(16));
            Assert.That(BitDepth(At("out", "uncertainty", $"{Ids[5]}.png")), Is.EqualTo(16));
            Assert.That(ImageFile.ReadImage(At("out", "masks", $"{Ids[5]}_s2.png")).ToFloats(), Is.EqualTo(masks[384..].Select(value => (float)value)));
            Assert.That(ImageFile.ReadImage(At("out", "probability", $"{Ids[5]}.png")).ToFloats(), Is.EqualTo(probability).Within(0.5001 / 65535));
            Assert.That(ImageFile.ReadImage(At("out", "uncertainty", $"{Ids[5]}.png")).ToFloats(), Is.EqualTo(uncertainty).Within(0.5001 / 65535));
        });
    }

    [Test]
    public void A_line_an_image_has_what_its_masks_measure()
    {
        Predict("--samples", "2");

        var lines = File.ReadAllLines(At("out", "measurements.csv")).Select(line => line.Split(',')).ToArray();
        var row = lines[0].Zip(lines[6]).ToDictionary(cell => cell.First, cell => cell.Second);
        var masks = Enumerable.Range(1, 2).Select(sample => ImagePixels.Load(At("out", "masks", $"{Ids[5]}_s{sample}.png")).Values<byte>().ToArray()).ToArray();
        double[] areas = [.. masks.Select(mask => mask.Count(value => value != 0))];
        Assert.Multiple(() =>
        {
            Assert.That(lines.Select(line => line[0]), Is.EqualTo((string[])["image", .. Ids]));
            Assert.That(
                ((string[])["s1_area_pixels", "s2_area_pixels"]).Select(column => double.Parse(row[column], CultureInfo.InvariantCulture)),
                Is.EqualTo(areas));
            Assert.That(double.Parse(row["area_pixels_median"], CultureInfo.InvariantCulture), Is.EqualTo(areas.Average()));
            Assert.That(
                double.Parse(row["s2_diameter_pixels"], CultureInfo.InvariantCulture),
                Is.EqualTo(MaskSizes.Of(masks[1], new ImageSize(16, 24)).LongestDiameter));
            Assert.That(row["area_mm2_median"], Is.Empty, "a PNG file does not say its spacing");
            Assert.That(row["unlikeness"], Is.Empty, "the model has too few training images to know");
            Assert.That(double.Parse(row["uncertainty_patch_maximum"], CultureInfo.InvariantCulture), Is.GreaterThan(0).And.LessThanOrEqualTo(1));
        });
    }

    [Test]
    public void Overlays_have_the_size_of_the_image_that_the_model_cropped()
    {
        Tool.Succeed(["train", "--data", Data, "--crop", "16x16", "--seed", "7", "--out", At("crop.zip"), .. TinyModel]);

        Tool.Succeed("predict", "--model", At("crop.zip"), "--data", Data, "--out", At("out"), "--samples", "2", "--shard", "0/16", "--overlays");

        // Images of 16x24 pixels, enlarged 22 times; the scale takes another 16 hundredths of the longer side.
        Assert.That(Written("overlays"), Is.EquivalentTo((string[])[$"{Ids[0]}.png", $"{Ids[0]}.svg"]));
        Assert.That(ImagePixels.Load(At("out", "overlays", $"{Ids[0]}.png")).Shape, Is.EqualTo(new ImageShape(3, 352, 528)));
        Assert.That(ImagePixels.Load(At("out", "heatmaps", $"{Ids[0]}.png")).Shape, Is.EqualTo(new ImageShape(3, 352, 528 + 84)));
        Assert.That(File.ReadAllText(At("out", "overlays", $"{Ids[0]}.svg")), Does.Contain("viewBox=\"0 0 24 16\""));
    }

    [Test]
    public void Shards_are_disjoint_and_together_complete()
    {
        var seen = new List<string>();
        for (var shard = 0; shard < 3; shard++)
        {
            Predict("--samples", "1", "--shard", $"{shard}/3");
            var done = Written("sheets").Except(seen).ToArray();
            Assert.That(done, Has.Length.EqualTo(shard == 0 ? 6 : 5), "no shard finds its images done");
            Assert.That(File.Exists(At("out", "measurements.csv")), Is.EqualTo(shard == 2), "measurements wait for all images");
            seen.AddRange(done);
        }

        Assert.That(seen, Is.EquivalentTo(Ids.Select(id => $"{id}.png")));
    }

    [Test]
    public void Images_of_which_a_file_is_missing_are_done_again_and_no_others()
    {
        Predict("--samples", "1");
        var before = File.ReadAllBytes(At("out", "uncertainty", $"{Ids[3]}.png"));
        File.Delete(At("out", "uncertainty", $"{Ids[3]}.png"));
        File.WriteAllText(At("out", "sheets", $"{Ids[4]}.png"), "untouched");

        var output = Predict("--samples", "1");

        Assert.Multiple(() =>
        {
            Assert.That(output, Does.StartWith("1 images written").And.Contain("15 were there already"));
            Assert.That(File.ReadAllBytes(At("out", "uncertainty", $"{Ids[3]}.png")), Is.EqualTo(before));
            Assert.That(File.ReadAllText(At("out", "sheets", $"{Ids[4]}.png")), Is.EqualTo("untouched"));
        });
    }

    [Test]
    public void A_folder_of_other_predictions_is_refused()
    {
        Predict("--samples", "1");

        var run = Tool.Run("predict", "--model", Model, "--data", Data, "--out", At("out"), "--samples", "2");

        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Error, Does.Contain("was begun with another value of samples, as run.json in it says"));
    }

    [Test]
    public void A_folder_is_gone_on_with_from_data_and_a_model_elsewhere()
    {
        Predict("--samples", "1", "--shard", "0/2");
        Copy(Data, At("mounted", "data"));
        File.Copy(Model, At("mounted", "other.zip"));

        var output = Tool.Succeed("predict", "--model", At("mounted", "other.zip"), "--data", At("mounted", "data"), "--out", At("out"), "--samples", "1");

        Assert.That(output, Does.StartWith("8 images written").And.Contain("8 were there already"));
    }

    [Test]
    public void An_image_whose_pixels_are_others_now_is_refused_by_name()
    {
        Copy(Data, At("data"));
        Tool.Succeed("predict", "--model", Model, "--data", At("data"), "--out", At("out"), "--samples", "1", "--shard", "0/16");
        File.Copy(At("data", "images", $"{Ids[1]}.png"), At("data", "images", $"{Ids[0]}.png"), overwrite: true);

        var run = Tool.Run("predict", "--model", Model, "--data", At("data"), "--out", At("out"), "--samples", "1");

        Assert.That((run.ExitCode, run.Error), Is.EqualTo((1,
            $"'{At("out")}' holds predictions of another image '{Ids[0]}' than the one that is read now; choose another folder.{Environment.NewLine}")));
    }

    [Test]
    public void Several_models_draw_as_one_whose_uncertainty_has_two_parts()
    {
        Predict("--model", Model, "--samples", "2", "--shard", "0/16");

        var id = ImageSources.Open(Data).Records[0].Id;
        Assert.That(Directory.GetFiles(At("out", "masks")), Has.Length.EqualTo(4), "two of each model");
        Assert.That(
            File.ReadAllBytes(At("out", "masks", $"{id}_s1.png")),
            Is.EqualTo(File.ReadAllBytes(At("out", "masks", $"{id}_s2.png"))),
            "of each model in turn");
        Assert.That(File.ReadAllBytes(At("out", "uncertainty_experts", $"{id}.png")), Is.EqualTo(File.ReadAllBytes(At("out", "uncertainty", $"{id}.png"))));
        Assert.That(ImagePixels.Load(At("out", "uncertainty_models", $"{id}.png")).ToFloats(), Is.All.Zero, "a model does not differ from itself");
        Assert.That(
            File.ReadAllLines(At("out", "measurements", $"{id}.csv"))[0],
            Does.Contain("uncertainty_experts_mean,uncertainty_models_mean,s1_area_pixels"));
    }

    [Test]
    public void Images_without_masks_are_drawn_too()
    {
        Unlabeled.Write(Data, At("data"));

        Tool.Succeed("predict", "--model", Model, "--data", At("data"), "--samples", "2", "--out", At("out"));

        Assert.That(Written("sheets"), Is.EquivalentTo(Ids[..3].Select(id => $"{id}.png")));
    }

    private static int BitDepth(string path) => File.ReadAllBytes(path)[24];

    [Test]
    public void A_folder_whose_settings_are_damaged_is_refused_by_the_name_of_the_file()
    {
        Directory.CreateDirectory(At("out"));
        File.WriteAllText(At("out", "run.json"), "{\"model\": ");

        var run = Tool.Run("predict", "--model", Model, "--data", Data, "--out", At("out"), "--samples", "2");

        Assert.That(
            (run.ExitCode, run.Error.Trim()),
            Is.EqualTo((1, $"'{At("out", "run.json")}' is damaged, so that nobody knows what the files beside it are of; choose another folder.")));
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private string Predict(params string[] arguments) => Tool.Succeed(["predict", "--model", Model, "--data", Data, "--out", At("out"), .. arguments]);

    private IEnumerable<string> Written(string kind) => Directory.GetFiles(At("out", kind)).Select(path => Path.GetFileName(path));
}
