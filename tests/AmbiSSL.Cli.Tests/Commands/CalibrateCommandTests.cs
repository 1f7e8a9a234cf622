namespace AmbiSSL.Cli.Tests.Commands;

internal sealed class CalibrateCommandTests : CliFixture
{
    [Test]
    public void A_model_is_written_that_keeps_what_was_chosen()
    {
        var output = Tool.Succeed("calibrate", "--model", Model, "--data", Data, "--fold", "1", "--device", "cpu", "--coverage", "0.5", "--out", At("new", "model.zip"));

        var chosen = output.Split('\n').Single(line => line.StartsWith("post-processing", StringComparison.Ordinal)).Split("  ")[^1].Trim();
        Assert.That(output, Does.Contain("Chosen on 4 images with masks: " + At("new", "model.zip")));
        Assert.That(Tool.Succeed("info", "--model", At("new", "model.zip")), Does.Match($"post-processing +{chosen}\n"));
        Assert.That(output, Does.Match(@"consensus +probability above 0\.\d+\n"));
        Assert.That(output, Does.Match(@"temperature +\d").And.Match("outlines +50 %: inner above "));
        Assert.That(
            Tool.Succeed("evaluate", "--model", At("new", "model.zip"), "--data", Data, "--fold", "1", "--samples", "2"), Does.Contain("inside the outer outline").And.Contain("calibration error of all pixels"));
        Tool.Succeed("predict", "--model", At("new", "model.zip"), "--data", Data, "--samples", "2", "--out", At("out"), "--shard", "0/16");
        Assert.That((File.Exists(At("out", "inner", "synthetic_00000.png")), File.Exists(At("out", "outer", "synthetic_00000.png"))), Is.EqualTo((true, true)));
    }
}
