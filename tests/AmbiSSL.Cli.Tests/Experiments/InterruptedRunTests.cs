using AmbiSSL.Cli.Experiments;

namespace AmbiSSL.Cli.Tests.Experiments;

[TestFixture]
public sealed class InterruptedRunTests : CrossvalFixture
{
    private const int ColumnsOfTimeAndMemory = 2;

    [Test]
    public void A_run_that_was_killed_in_its_second_fold_and_started_again_gives_the_table_of_a_run_left_alone()
    {
        var alone = Path.Combine(Folder, "alone");
        RunToTheEnd(Crossval(alone, "--epochs", "30"));
        KillInSecondFold(Crossval(Results, "--epochs", "30"));
        Assert.That(ResultFiles(), Has.Length.EqualTo(1), "one fold is done, and the other left nothing behind");

        RunToTheEnd(Crossval(Results, "--epochs", "30"));

        Assert.That(Figures(Results), Is.EqualTo(Figures(alone)));
        var scores = new ResultFolder(Results).ReadAll().Select(result => result.Images);
        Assert.That(scores, Is.EqualTo(new ResultFolder(alone).ReadAll().Select(result => result.Images)));
    }

    [Test]
    public void With_a_checkpoint_it_goes_on_inside_that_fold_to_the_same_figures_and_leaves_no_checkpoint()
    {
        var checkpoints = Path.Combine(Folder, "checkpoints");
        string[] arguments = ["--epochs", "30", "--checkpoint", checkpoints];
        var alone = Path.Combine(Folder, "alone");
        RunToTheEnd(Crossval(alone, "--epochs", "30"));
        KillInSecondFold(Crossval(Results, arguments));
        Assert.That(Directory.GetDirectories(checkpoints), Has.Length.EqualTo(1), "the fold under way has a checkpoint, the one done has none");

        var rest = Run(Crossval(Results, arguments));

        Assert.That(rest, Does.Contain("epoch 30 of 30").And.Not.Contain("epoch 1 of 30"));
        Assert.That(Figures(Results), Is.EqualTo(Figures(alone)), "steps of both parts among them");
        Assert.That(Directory.GetDirectories(checkpoints), Is.Empty);
    }

    private static void RunToTheEnd(string[] arguments)
    {
        using var process = ToolProcess.Start(arguments);
        Assert.That(ToolProcess.Wait(process), Is.EqualTo((0, "")));
    }

    private static void KillInSecondFold(string[] arguments)
    {
        using var process = ToolProcess.Start(arguments);
        var isSecond = false;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            isSecond |= line.StartsWith("[2/2]", StringComparison.Ordinal);
            if (isSecond && line.Contains("epoch 3 of", StringComparison.Ordinal))
            {
                process.Kill();
                break;
            }
        }

        Assert.That(ToolProcess.Wait(process).ExitCode, Is.Not.Zero, "it was killed before its end");
    }

    private static string[] Figures(string results)
    {
        Run("table", "--results", results, "--out", results + "-table");
        return
        [
            .. File.ReadLines(Path.Combine(results + "-table", "table.csv")).Select(line => string.Join(',', line.Split(',').SkipLast(ColumnsOfTimeAndMemory))),
        ];
    }
}
