using System.Text.Json.Nodes;

namespace AmbiSSL.Cli.Tests.Commands;

internal sealed class ForegroundOptionTests : CliFixture
{
    private static string Labels => Path.Combine(TestContext.CurrentContext.TestDirectory, "Cases", "mask_several_values", "q_v01_255");

    [Test]
    public void Masks_of_several_values_train_once_their_foreground_is_named()
    {
        string[] train = ["train", "--data", Labels, "--method", "supervised", "--backbone", "unet", "--filters", "4,8", "--epochs", "1", "--batch", "4",
            "--device", "cpu", "--seed", "1", "--out", At("model.zip")];

        var refused = Tool.Run(train);
        var trained = Tool.Run([.. train, "--foreground", "1"]);

        Assert.Multiple(() =>
        {
            Assert.That(refused.ExitCode, Is.EqualTo(1));
            Assert.That(refused.Error, Does.Contain("c0_r1.png' holds the values 0 (83.0 %), 1 (12.2 %), 255 (4.8 %)."));
            Assert.That((trained.ExitCode, trained.Error), Is.EqualTo((0, "")));
        });
    }

    [Test]
    public void What_is_no_value_is_a_wrong_argument()
    {
        var run = Tool.Run("info", "--data", Labels, "--foreground", "white");

        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Error, Does.StartWith("'white' names no foreground: give nonzero, at-least-half, or values"));
    }

    [Test]
    public void Ignored_values_are_told_by_check_and_evaluate()
    {
        string[] values = ["--foreground", "1", "--ignore-values", "255"];
        Tool.Succeed(
            ["train", "--data", Labels, "--method", "supervised", "--backbone", "unet", "--filters", "4,8", "--epochs", "1", "--batch", "4",
            "--device", "cpu", "--seed", "1", "--out", At("model.zip"), .. values]);

        var check = Tool.Run(["check", "--data", Labels, .. values]).Output;
        var evaluated = Tool.Succeed(["evaluate", "--data", Labels, "--model", At("model.zip"), "--json", At("scores.json"), .. values]);

        Assert.That(check, Does.Match(@"ignored +5\.[0-9] % of the masks' pixels"));
        Assert.That(evaluated, Does.Match(@"[89][0-9]\.[0-9] % of the pixels"));
        Assert.That((double)JsonNode.Parse(File.ReadAllText(At("scores.json")))!["countedShare"]!, Is.InRange(0.8, 0.98));
    }

    [TestCase("white", "'white'")]
    [TestCase("1", "The values '1' are to be ignored, and one of them is foreground in '1'")]
    public void Ignored_values_that_cannot_be_are_a_wrong_argument(string ignored, string message)
    {
        var run = Tool.Run("info", "--data", Labels, "--foreground", "1", "--ignore-values", ignored);

        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Error, Does.StartWith(message));
    }

    [Test]
    public void Inverted_masks_are_warned_of()
    {
        var output = Tool.Succeed(
            "train", "--data", Labels, "--method", "supervised", "--backbone", "unet", "--filters", "4,8", "--epochs", "1", "--batch", "4",
            "--device", "cpu", "--seed", "1", "--out", At("model.zip"), "--foreground", "0");

        Assert.That(
            output,
            Does.Contain("Warning: Column 'Annotations': 6 of 6 masks are foreground on three or four corners of the image, the first in row 0."));
    }
}
