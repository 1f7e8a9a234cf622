namespace AmbiSSL.Cli.Tests.Commands;

internal sealed class SynthCommandTests : CliFixture
{
    [Test]
    public void The_folder_holds_the_lesions_of_the_seed()
    {
        var read = ImageSources.Open(Data);

        var lesions = new SyntheticLesions(new SyntheticLesionOptions { Images = 16, Annotators = 3, Height = 16, Width = 24, Seed = 5 });
        Assert.Multiple(() =>
        {
            Assert.That(read.Records.Select(record => record.Id), Is.EqualTo(lesions.Records.Select(record => record.Id)));
            Assert.That(read.Read(9).Pixels.ToFloats(), Is.EqualTo(lesions.Read(9).Pixels.ToFloats()));
            Assert.That(read.Read(9).Annotations.Values, Is.EqualTo(lesions.Read(9).Annotations.Values));
        });
    }

    [Test]
    public void A_folder_that_is_not_empty_is_left_alone()
    {
        File.WriteAllText(At("mine.txt"), "mine");

        var run = Tool.Run("synth", "--out", Folder, "--images", "1", "--size", "16x16");

        Assert.That((run.ExitCode, run.Error.TrimEnd()), Is.EqualTo(
            (1, $"'{Folder}' exists already and is not an empty folder; choose another, or remove it first.")));
        Assert.That(File.ReadAllText(At("mine.txt")), Is.EqualTo("mine"));
    }
}
