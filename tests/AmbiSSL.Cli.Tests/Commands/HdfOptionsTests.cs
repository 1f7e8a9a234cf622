namespace AmbiSSL.Cli.Tests.Commands;

internal sealed class HdfOptionsTests : CliFixture
{
    [TestCase("h_labels", "images", "labels", 4)]
    [TestCase("h_labels", "images", "", 0)]
    [TestCase("h_phiseg", "val/images", "val/labels", 4)]
    public void Datasets_are_named(string file, string images, string masks, int labeled) => Assert.That(
        Tool.Succeed("info", "--data", Case(file), "--hdf5-images", images, "--hdf5-masks", masks), Does.Match($@"\blabeled +{labeled} images"));

    [Test]
    public void Without_names_a_file_is_refused_with_what_it_holds()
    {
        var run = Tool.Run("info", "--data", Case("h_labels"));

        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Error, Does.Contain("The file holds images [4, 32, 32] (uint8), labels [4, 3, 32, 32] (uint8).").And.Contain("--hdf5-masks"));
    }

    private static string Case(string name) => Path.Combine(TestContext.CurrentContext.TestDirectory, "Cases", "hdf5_channels_last", name + ".h5");
}
