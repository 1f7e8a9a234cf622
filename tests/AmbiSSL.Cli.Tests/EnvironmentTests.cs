using System.Runtime.InteropServices;

namespace AmbiSSL.Cli.Tests;

internal sealed class EnvironmentTests : CliFixture
{
    // Nobody can write below a file, the administrator neither.
    private (string Name, string Value) NoTemporaryFolder =>
        (OperatingSystem.IsWindows() ? "TMP" : "TMPDIR", Path.Combine(Data, "index.csv"));

    [Test]
    public void What_writes_no_model_file_works_without_a_folder_for_temporary_files()
    {
        string[][] commands = [["--help"], ["info"], ["info", "--data", Data], ["info", "--model", Model], ["synth", "--out", At("new"), "--images", "1"]];
        foreach (var command in commands)
        {
            var run = ToolProcess.Run(NoTemporaryFolder, command);
            Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")), string.Join(' ', command));
        }
    }

    [Test]
    public void Without_a_folder_for_temporary_files_no_training_begins_whose_model_could_not_be_written()
    {
        var run = ToolProcess.Run(NoTemporaryFolder, ["train", "--data", Data, "--out", At("model.zip"), .. TinyModel]);
        Assert.That((run.ExitCode, run.Output), Is.EqualTo((1, "")));
        Assert.That(
            run.Error,
            Does.StartWith($"Nothing can be written to '{NoTemporaryFolder.Value}").And.Contains($"variable {NoTemporaryFolder.Name} name another folder."));
    }

    [Test]
    public void Another_libtorch_stands_in_for_that_of_the_tool()
    {
        if (!RuntimeInformation.RuntimeIdentifier.EndsWith("-x64", StringComparison.Ordinal))
        {
            Assert.Ignore("On this system the tool has no libtorch that another can stand in for.");
        }

        var folder = Directory.CreateDirectory(At("libtorch")).FullName;
        foreach (var library in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "libtorch")))
        {
            File.Copy(library, Path.Combine(folder, Path.GetFileName(library)));
        }

        string[] evaluation = ["evaluate", "--model", Model, "--data", Data, "--samples", "2"];
        var own = ToolProcess.Run(("AMBISSL_LIBTORCH", ""), evaluation);
        Assert.Multiple(() =>
        {
            Assert.That(ToolProcess.Run(("AMBISSL_LIBTORCH", ""), ["info", "--libtorch", folder]).Output, Does.Contain($"from {folder}"));
            Assert.That(ToolProcess.Run(("AMBISSL_LIBTORCH", folder), ["info"]).Output, Does.Contain($"from {folder}"));
            Assert.That(ToolProcess.Run(("AMBISSL_LIBTORCH", folder), evaluation), Is.EqualTo(own));
        });
    }

    [Test]
    public void A_folder_without_libtorch_is_named()
    {
        var run = ToolProcess.Run(("AMBISSL_LIBTORCH", ""), "info", "--libtorch", Folder);
        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Error, Does.StartWith($"AMBISSL_LIBTORCH names '{Folder}', where there is no "));
    }
}
