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
    public void Inverted_masks_are_warned_of()
    {
        var output = Tool.Succeed(
            "train", "--data", Labels, "--method", "supervised", "--backbone", "unet", "--filters", "4,8", "--epochs", "1", "--batch", "4",
            "--device", "cpu", "--seed", "1", "--out", At("model.zip"), "--foreground", "0");

        Assert.That(output, Does.Contain("Warning: Column 'Annotations': 6 of 6 masks are foreground on three or four corners of the image, the first in row 0."));
    }
}
