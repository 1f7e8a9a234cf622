using System.Diagnostics;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Tests.Imaging;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Foundation;

internal sealed class TemporaryNameTests : FolderFixture
{
    [Test]
    public void The_next_start_removes_what_an_ended_process_left()
    {
        var ended = EndedProcess();
        var file = Leave($"model.safetensors.{Guid.NewGuid():N}.{ended}@{Environment.MachineName}.tmp");
        var folder = Folder.Combine($"lesions.{Guid.NewGuid():N}.{ended}@{Environment.MachineName}.tmp");
        Directory.CreateDirectory(Path.Combine(folder, "images"));

        AtomicFile.Write(Folder.Combine("model.safetensors"), stream => stream.WriteByte(1));

        Assert.Multiple(() =>
        {
            Assert.That(file, Does.Not.Exist);
            Assert.That(folder, Does.Not.Exist);
            Assert.That(Folder.Combine("model.safetensors"), Does.Exist);
        });
    }

    [Test]
    public void Files_of_running_processes_of_other_machines_and_of_other_programs_stay()
    {
        string[] others =
        [
            Leave($"model.safetensors.{Guid.NewGuid():N}.{Environment.ProcessId}@{Environment.MachineName}.tmp"),
            Leave($"model.safetensors.{Guid.NewGuid():N}.{EndedProcess()}@{Environment.MachineName}-2.tmp"),
            Leave($"model.safetensors.{Guid.NewGuid():N}.tmp"),
            Leave("notes.tmp"),
        ];

        TemporaryName.RemoveLeftovers(Folder.Path);

        Assert.That(others, Has.All.Matches<string>(File.Exists));
    }

    [Test]
    public void What_was_left_before_a_process_of_the_same_number_began_is_removed()
    {
        var left = Leave($"model.safetensors.{Guid.NewGuid():N}.{Environment.ProcessId}@{Environment.MachineName}.tmp");
        File.SetLastWriteTimeUtc(left, DateTime.UtcNow.AddDays(-1));

        TemporaryName.RemoveLeftovers(Folder.Path);

        Assert.That(left, Does.Not.Exist);
    }

    private static int EndedProcess()
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", "--version") { RedirectStandardOutput = true })!;
        process.WaitForExit();
        return process.Id;
    }

    private string Leave(string name)
    {
        var path = Folder.Combine(name);
        File.WriteAllText(path, "");
        return path;
    }
}
