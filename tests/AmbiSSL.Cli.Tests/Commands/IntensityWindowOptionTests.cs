using System.Text.Json.Nodes;
using AmbiSSL.Cli.Data;
using Microsoft.ML;

namespace AmbiSSL.Cli.Tests.Commands;

/// <summary>Images that are not from 0 to 1, from the check to the prediction.</summary>
internal sealed class IntensityWindowOptionTests : CliFixture
{
    private static readonly string[] Method =
        ["--method", "supervised", "--backbone", "unet", "--filters", "4,8", "--epochs", "1", "--batch", "4", "--device", "cpu", "--seed", "1"];

    [Test]
    public void Hounsfield_units_train_and_predict_through_their_window()
    {
        var refused = Tool.Run(["train", "--data", Case("h_hu"), "--out", At("model.zip"), .. Method]);
        var trained = Tool.Succeed(["train", "--data", Case("h_hu"), "--out", At("model.zip"), "--intensity-window", "-1000,400", .. Method]);
        var info = Tool.Succeed("info", "--model", At("model.zip"));
        Tool.Succeed("predict", "--model", At("model.zip"), "--data", Case("h_hu"), "--samples", "2", "--out", At("predictions"), "--device", "cpu");
        var other = Tool.Run("predict", "--model", At("model.zip"), "--data", Data, "--samples", "2", "--out", At("other"), "--device", "cpu");

        Assert.Multiple(() =>
        {
            Assert.That(refused.ExitCode, Is.EqualTo(1));
            Assert.That(refused.Error, Does.StartWith("Column 'Image': pixel values go from -").And.Contain("--intensity-window").And.Contain("-1000,400"));
            Assert.That(File.Exists(At("model.zip")));
            Assert.That(trained, Does.Match("Intensities: Float32, -.* in training; window -1000,400\n"));
            Assert.That(info, Does.Match("intensities +Float32, -.* in training; window -1000,400\n"));
            Assert.That(Directory.GetFiles(At("predictions", "masks")), Is.Not.Empty);
            Assert.That(other.ExitCode, Is.EqualTo(1));
        });
    }

    [Test]
    public void Pictures_show_what_the_model_sees()
    {
        Tool.Succeed(["train", "--data", Case("h_hu"), "--out", At("model.zip"), "--intensity-window", "-1000,400", .. Method]);
        using var model = TrainedModel.Load(new MLContext(), At("model.zip"), samples: 1);
        var images = HdfImages.Open(Case("h_hu"));

        var shown = ScoredImage.Read(model, images).First().Image;

        Assert.That(
            shown.Pixels.Values<float>().ToArray(),
            Is.EqualTo(images.Read(0).Pixels.Values<float>().ToArray().Select(value => Math.Clamp((value + 1000) / 1400, 0, 1))));
        Assert.That(shown.Annotations.Values, Is.EqualTo(images.Read(0).Annotations.Values));
    }

    [Test]
    public void Percentiles_become_values()
    {
        Tool.Succeed(["train", "--data", Case("h_float255"), "--out", At("model.zip"), "--intensity-window", "p0.5,p99.5", .. Method]);

        Assert.That(
            Tool.Succeed("info", "--model", At("model.zip")),
            Does.Match(@"intensities +Float32, .* in training; window [\d.]+,[\d.]+ \(p0\.5,p99\.5 of the training images\)" + "\n"));
    }

    [Test]
    public void Check_proposes_a_window_and_looks_through_the_one_that_is_given()
    {
        var without = Tool.Run("check", "--data", Case("h_float255"), "--json", At("without.json"));
        var with = Tool.Run("check", "--data", Case("h_float255"), "--intensity-window", "0,255", "--json", At("with.json"));

        Assert.Multiple(() =>
        {
            Assert.That(without.ExitCode, Is.EqualTo(1));
            Assert.That(
                without.Output,
                Does.Match("window +none; give --intensity-window 0,255\n").And.Contain("wrong: Values lie outside 0 to 1: Pixel values go from "));
            Assert.That((string?)Json("without.json")["suggestedWindow"], Is.EqualTo("0,255"));
            Assert.That(with.Output, Does.Match("window +0,255\n").And.Not.Contain("Values lie outside"));
            Assert.That((string?)Json("with.json")["window"], Is.EqualTo("0,255"));
        });
    }

    [Test]
    public void What_is_no_window_is_a_wrong_argument()
    {
        var run = Tool.Run("check", "--data", Data, "--intensity-window", "255");

        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(
            run.Error,
            Does.StartWith("'255' is no intensity window; write two numbers such as 0,4095 or -1000,400, or two percentiles such as p0.5,p99.5."));
    }

    private static string Case(string name) => Path.Combine(TestContext.CurrentContext.TestDirectory, "Cases", "float_images", name + ".h5");

    private JsonNode Json(string name) => JsonNode.Parse(File.ReadAllText(At(name)))!;
}
