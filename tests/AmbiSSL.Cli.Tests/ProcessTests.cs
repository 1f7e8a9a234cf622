using System.Diagnostics;

namespace AmbiSSL.Cli.Tests;

internal sealed class ProcessTests : CliFixture
{
    [Test]
    public void The_built_tool_runs_as_a_process_and_returns_its_exit_code()
    {
        using var good = ToolProcess.Start("evaluate", "--model", Model, "--data", Data, "--samples", "2");
        Assert.That(ToolProcess.Wait(good), Is.EqualTo((0, "")));
        using var bad = ToolProcess.Start("evaluate", "--data", Data);
        Assert.That(ToolProcess.Wait(bad).ExitCode, Is.EqualTo(2));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "The current folder cannot be deleted there.")]
    public void A_current_folder_that_was_deleted_is_told()
    {
        const string Script = "cd \"$1\" && rmdir \"$1\" && exec dotnet \"$2\" info";
        var folder = Directory.CreateDirectory(At("gone")).FullName;
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", Script, "sh", folder, Path.Combine(AppContext.BaseDirectory, "ambissl.dll")])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;

        Assert.That(ToolProcess.Wait(process), Is.EqualTo((1, $"The current folder was deleted; change to another one.{Environment.NewLine}")));
    }

    [TestCase("INT", TestName = "Ctrl_C_ends_a_training_with_exit_code_1_and_the_model_so_far")]
    [TestCase("TERM", TestName = "A_request_to_end_does_so_too")]
    [Platform(Exclude = "Win", Reason = "Windows sends no signal to one process alone.")]
    public void A_signal_ends_a_training_with_exit_code_1_and_the_model_so_far(string signal)
    {
        if (signal == "INT" && IgnoresInterrupts())
        {
            Assert.Ignore("These tests run in the background of a shell, where Ctrl-C is ignored and programs inherit that.");
        }

        using var process = ToolProcess.Start([
            "train", "--method", "supervised", "--data", Data, "--out", At("model.zip"), "--backbone", "unet", "--filters", "4,8", "--epochs", "100000",
            "--batch", "4", "--device", "cpu", "--set", "LatentFilters=[4]",
        ]);
        for (var line = ""; !line.StartsWith("epoch 1", StringComparison.Ordinal); line = process.StandardOutput.ReadLine()!)
        {
            Assert.That(line, Is.Not.Null, "the training ended before it was interrupted");
        }

        using var kill = Process.Start("kill", ["-s", signal, $"{process.Id}"]);
        kill.WaitForExit();

        Assert.That(ToolProcess.Wait(process), Is.EqualTo((1, "")));
        Assert.That(Directory.EnumerateFileSystemEntries(Folder), Is.EquivalentTo([At("model.zip"), At("model.epochs.csv")]));
        Assert.That(Tool.Succeed("info", "--model", At("model.zip")), Does.Contain("supervised"));
    }

    private static bool IgnoresInterrupts()
    {
        const int Interrupt = 2;
        const string Status = "/proc/self/status";
        return File.Exists(Status)
            && File.ReadLines(Status).FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } line
            && (Convert.ToUInt64(line["SigIgn:".Length..].Trim(), 16) & (1UL << (Interrupt - 1))) != 0;
    }
}
