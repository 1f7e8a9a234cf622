namespace AmbiSSL.Cli.Tests.Commands;

internal sealed class CalibrateCommandTests : CliFixture
{
    [Test]
    public void A_model_is_written_that_keeps_what_was_chosen()
    {
        var output = Tool.Succeed(
            "calibrate", "--model", Model, "--data", Data, "--fold", "1", "--device", "cpu", "--coverage", "0.5", "--out", At("new", "model.zip"));

        var chosen = output.Split('\n').Single(line => line.StartsWith("post-processing", StringComparison.Ordinal)).Split("  ")[^1].Trim();
        Assert.That(output, Does.Contain("Chosen on 4 images with masks: " + At("new", "model.zip")));
        Assert.That(Tool.Succeed("info", "--model", At("new", "model.zip")), Does.Match($"post-processing +{chosen}\n"));
        Assert.That(output, Does.Match(@"consensus +probability above 0\.\d+\n"));
        Assert.That(output, Does.Match(@"temperature +\d").And.Match("outlines +50 %: inner above "));
        Assert.That(
            Tool.Succeed("evaluate", "--model", At("new", "model.zip"), "--data", Data, "--fold", "1", "--samples", "2"),
            Does.Contain("inside the outer outline").And.Contain("calibration error of all pixels"));
        Tool.Succeed("predict", "--model", At("new", "model.zip"), "--data", Data, "--samples", "2", "--out", At("out"), "--shard", "0/16");
        Assert.That((File.Exists(At("out", "inner", "synthetic_00000.png")), File.Exists(At("out", "outer", "synthetic_00000.png"))), Is.EqualTo((true, true)));
    }

    [Test]
    public void A_model_of_several_classes_keeps_what_was_chosen_for_each()
    {
        string[] data = ["--data", At("scans"), "--classes", "core=1,rim=2"];
        Tool.Succeed("synth", "--out", At("scans"), "--images", "4", "--annotators", "2", "--size", "32x32", "--seed", "2", "--classes", "core-and-rim");
        Tool.Succeed([
            "train", .. data, "--method", "supervised", "--backbone", "unet", "--filters", "4,8", "--epochs", "1", "--batch", "4", "--device", "cpu",
            "--seed", "1", "--out", At("model.zip")]);

        var output = Tool.Succeed(["calibrate", .. data, "--model", At("model.zip"), "--device", "cpu", "--coverage", "0.5", "--out", At("new.zip")]);
        var evaluated = Tool.Succeed(["evaluate", .. data, "--model", At("new.zip"), "--samples", "2"]);
        Tool.Succeed(["predict", "--data", At("scans"), "--model", At("new.zip"), "--samples", "2", "--overlays", "--out", At("out")]);

        Assert.Multiple(() =>
        {
            Assert.That(
                output,
                Does.Match("post-processing +core: .+; rim: .+\n").And.Match(@"outlines +50 %: inner above [\d.]+ and [\d.]+, outer from [\d.]+ and [\d.]+"));
            Assert.That(evaluated, Does.Match("inner outline of core inside a reader's +[0-9]").And.Match("reader's rim inside the outer outline +[0-9]"));
            Assert.That(
                Directory.GetFiles(At("out", "inner"), "synthetic_00000*").Select(Path.GetFileName),
                Is.EquivalentTo((string[])["synthetic_00000_core.png", "synthetic_00000_rim.png"]));
        });
    }
}
