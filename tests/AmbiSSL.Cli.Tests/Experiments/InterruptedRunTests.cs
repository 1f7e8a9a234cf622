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

    private static void RunToTheEnd(string[] arguments)
    {
        using var process = Start(arguments);
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero);
    }

    private static void KillInSecondFold(string[] arguments)
    {
        using var process = Start(arguments);
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

        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Not.Zero, "it was killed before its end");
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
