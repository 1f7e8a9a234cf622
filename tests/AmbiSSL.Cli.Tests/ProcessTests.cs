using System.Diagnostics;

namespace AmbiSSL.Cli.Tests;

internal sealed class ProcessTests : CliFixture
{
    [Test]
    public void The_built_tool_runs_as_a_process_and_returns_its_exit_code()
    {
        using var good = Start("evaluate", "--model", Model, "--data", Data, "--samples", "2");
        Assert.That(Wait(good), Is.EqualTo((0, "")));
        using var bad = Start("evaluate", "--data", Data);
        Assert.That(Wait(bad).ExitCode, Is.EqualTo(2));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "Windows sends no SIGINT to one process alone.")]
    public void Ctrl_C_ends_a_training_with_exit_code_1_and_no_file()
    {
        using var process = Start([
            "train", "--data", Data, "--out", At("model.zip"), "--backbone", "unet", "--filters", "4,8", "--prune-from-block", "0", "--epochs", "100000",
            "--batch", "4", "--device", "cpu", "--set", "LatentFilters=[4]",
        ]);
        for (var line = ""; !line.StartsWith("epoch 1", StringComparison.Ordinal); line = process.StandardOutput.ReadLine()!)
        {
            Assert.That(line, Is.Not.Null, "the training ended before it was interrupted");
        }

        using var kill = Process.Start("kill", ["-s", "INT", $"{process.Id}"]);
        kill.WaitForExit();

        Assert.That(Wait(process), Is.EqualTo((1, $"Cancelled.{Environment.NewLine}")));
        Assert.That(Directory.EnumerateFileSystemEntries(Folder), Is.Empty);
    }

    private static Process Start(params string[] arguments) => Process.Start(
        new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ambissl.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    private static (int ExitCode, string Error) Wait(Process process)
    {
        var error = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error.Result);
    }
}
