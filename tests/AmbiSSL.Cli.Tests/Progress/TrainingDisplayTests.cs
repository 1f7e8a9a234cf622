using AmbiSSL.Cli.Output;
using AmbiSSL.Cli.Progress;
using Spectre.Console;

namespace AmbiSSL.Cli.Tests.Progress;

internal sealed class TrainingDisplayTests
{
    [Test]
    public void A_log_has_the_first_and_last_epoch_and_between_them_no_two_lines_within_half_a_minute()
    {
        using var output = new StringWriter();
        var clock = new TestClock();

        TrainingDisplay.Run(
            Terminal.Open(output),
            progress =>
            {
                for (var epoch = 1; epoch <= 10; epoch++)
                {
                    progress.Report(At(epoch, step: 1));
                    clock.Advance(TimeSpan.FromSeconds(12));
                    progress.Report(At(epoch, step: 2));
                }

                return 0;
            },
            clock);

        var lines = output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines.Select(line => line.Split(":")[0]), Is.EqualTo(["epoch 1 of 10", "epoch 4 of 10", "epoch 7 of 10", "epoch 10 of 10"]));
        Assert.That(lines[1], Is.EqualTo(At(4, step: 2).ToString()));
    }

    [Test]
    public void A_terminal_has_a_bar_and_a_line_of_losses_for_each_epoch()
    {
        using var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes, Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = 120;

        var result = TrainingDisplay.Run(console, progress =>
        {
            progress.Report(At(1, step: 2));
            progress.Report(At(2, step: 1));
            return 42;
        });

        Assert.Multiple(() =>
        {
            Assert.That(result, Is.EqualTo(42));
            Assert.That(output.ToString(), Does.Contain(At(1, step: 2).ToString()));
            Assert.That(output.ToString(), Does.Contain(At(2, step: 1).ToShortString()).And.Contain("15%"));
        });
    }

    private static TrainingProgress At(int epoch, int step) => new()
    {
        Epoch = epoch,
        Epochs = 10,
        Step = step,
        StepsPerEpoch = 2,
        Losses = new Dictionary<string, double> { ["total"] = 0.5, ["dice_theta"] = 0.25 },
        ImagesPerSecond = 51.2,
        Remaining = new TimeSpan(1, 2, 3),
    };

    private sealed class TestClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;
    }
}
