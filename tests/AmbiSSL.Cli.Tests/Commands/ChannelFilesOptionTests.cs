namespace AmbiSSL.Cli.Tests.Commands;

internal sealed class ChannelFilesOptionTests : CliFixture
{
    [TestCase("yes", "8 of 2x16x24")]
    [TestCase("no", "16 of 1x16x24")]
    public void Files_are_channels_or_images_as_it_is_said(string files, string images)
    {
        Split();

        Assert.That(Tool.Succeed("info", "--data", Folder, "--channel-files", files), Does.Contain(images));
    }

    [Test]
    public void Where_nothing_tells_the_option_is_named()
    {
        Split();

        var run = Tool.Run("info", "--data", Folder);

        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Error, Does.Contain("(--channel-files)"));
    }

    [Test]
    public void A_category_is_of_outlines_and_labels_alone()
    {
        var run = Tool.Run("info", "--data", Data, "--category", "lesion");

        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Error, Does.Contain("Category is of such alone; leave it out."));
    }

    private void Split()
    {
        Directory.CreateDirectory(At("images"));
        foreach (var (path, index) in Directory.GetFiles(Path.Combine(Data, "images")).Order(StringComparer.Ordinal).Select((path, index) => (path, index)))
        {
            File.Copy(path, At("images", $"p{index / 2}_{index % 2:0000}.png"));
        }
    }
}
