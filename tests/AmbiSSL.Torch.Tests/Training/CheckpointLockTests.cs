using AmbiSSL.Torch.Tests.Imaging;
using AmbiSSL.Torch.Training;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Training;

/// <summary>Two runs never write to one folder.</summary>
internal sealed class CheckpointLockTests : FolderFixture
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private RunOptions Run => new() { CheckpointDirectory = Folder.Path };

    private string Lock => Path.Combine(Folder.Path, CheckpointLock.FileName);

    [Test]
    public void A_second_run_in_the_folder_is_refused_and_the_first_goes_on()
    {
        var options = TinyData.Options with { Epochs = 1 };
        Exception? refused = null;
        var run = Run with { AfterEpoch = (_, _) => refused = Assert.Catch(() => TinyRun.Train(options, Run)) };

        TinyRun.Train(options, run).AssertEquals(TinyRun.Train(options));

        Assert.That(refused, Is.InstanceOf<InvalidOperationException>());
        Assert.That(refused!.Message, Is.EqualTo(
            $"'{Folder.Path}' is in use by process {Environment.ProcessId} on {Environment.MachineName}: two runs would write over each other's state. "
            + "Wait until it has ended, or give this run a CheckpointDirectory of its own."));
        Assert.That(File.Exists(Lock), Is.False, "a run that has ended leaves no lock");
    }

    [Test]
    public void A_run_that_is_refused_for_its_checkpoint_leaves_no_lock()
    {
        File.WriteAllText(Path.Combine(Folder.Path, RunCheckpoint.FileName), "no checkpoint");

        Assert.That(() => TinyRun.Train(TinyData.Options, Run), Throws.InstanceOf<InvalidDataException>());
        Assert.That(File.Exists(Lock), Is.False);
    }

    [Test]
    public void The_lock_of_a_process_that_has_ended_on_this_machine_is_taken_at_once()
    {
        Leave(Environment.MachineName, int.MaxValue);

        using var taken = CheckpointLock.Take(Folder.Path, CancellationToken.None, TimeSpan.MaxValue);

        Assert.That(File.ReadAllLines(Lock)[1], Is.EqualTo($"{Environment.ProcessId}"));
    }

    [TestCase(null)]
    [TestCase("half a lo")]
    public void A_lock_of_another_machine_without_a_sign_of_life_is_taken_in_the_end(string? content)
    {
        Leave("elsewhere", Environment.ProcessId);
        if (content is not null)
        {
            File.WriteAllText(Lock, content);
        }

        using var taken = CheckpointLock.Take(Folder.Path, CancellationToken.None, Patience);

        Assert.That(File.ReadAllLines(Lock)[0], Is.EqualTo(Environment.MachineName));
    }

    [Test]
    public void A_lock_of_another_machine_that_shows_life_is_respected()
    {
        Leave("elsewhere", 17);
        using var life = new Timer(_ => Leave("elsewhere", 17, beats: 1), null, TimeSpan.FromSeconds(1.5), Timeout.InfiniteTimeSpan);

        Assert.That(
            () => CheckpointLock.Take(Folder.Path, CancellationToken.None, Patience),
            Throws.InvalidOperationException.With.Message.Contains("is in use by process 17 on elsewhere"));
    }

    [Test]
    public void The_wait_for_a_sign_of_life_can_be_canceled()
    {
        Leave("elsewhere", 17);
        using var cancellation = new CancellationTokenSource(TimeSpan.FromSeconds(0.5));

        Assert.That(() => CheckpointLock.Take(Folder.Path, cancellation.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void A_run_whose_folder_was_taken_over_ends_before_it_writes()
    {
        var options = TinyData.Options with { Epochs = 2 };
        var checkpoint = Path.Combine(Folder.Path, RunCheckpoint.FileName);
        byte[] before = [];
        var run = Run with
        {
            AfterEpoch = (_, _) =>
            {
                before = File.ReadAllBytes(checkpoint);
                Leave("elsewhere", 17);
            },
        };

        Assert.That(() => TinyRun.Train(options, run), Throws.InstanceOf<IOException>().With.Message.Contains("was taken over by process 17 on elsewhere"));

        Assert.That(File.ReadAllBytes(checkpoint), Is.EqualTo(before));
        Assert.That(File.ReadAllLines(Lock)[0], Is.EqualTo("elsewhere"));
    }

    private void Leave(string machine, int process, int beats = 0) => File.WriteAllText(Lock, $"{machine}\n{process}\n{new string('0', 32)}\n{beats}\n");
}
