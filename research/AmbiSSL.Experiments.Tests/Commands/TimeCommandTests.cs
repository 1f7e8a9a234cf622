using System.Globalization;
using System.Text.RegularExpressions;

namespace AmbiSSL.Experiments.Tests.Commands;

[TestFixture]
public sealed class TimeCommandTests : ExperimentsFixture
{
    [Test]
    public void It_says_how_long_the_whole_training_takes_at_the_rate_of_the_steps_that_it_timed()
    {
        var line = Succeed(Time(epochs: 60, "--steps", "10"));

        // Two subjects of two images each are unlabeled, and a step takes two of these.
        var found = Regex.Match(
            line,
            @"^ambissl, fold 1, batch 4, cpu: ([0-9.]+) ms a step \(10 steps and \d+ ends of epochs timed\); "
            + @"its 60 epochs of 120 steps take ([0-9.]+) minutes\r?\n$");
        Assert.That(found.Success, line);
        var (milliseconds, minutes) = (Number(found.Groups[1]), Number(found.Groups[2]));
        Assert.That(minutes, Is.EqualTo(120 * milliseconds / 60_000).Within(0.06));
    }

    [Test]
    public void Several_trainings_side_by_side_give_a_line_each() =>
        Assert.That(Succeed(Time(epochs: 60, "--steps", "5", "--parallel", "2")).Split("ms a step"), Has.Length.EqualTo(3));

    [Test]
    public void A_training_that_is_over_before_it_could_be_timed_is_named()
    {
        var (code, _, error) = Try(Time(epochs: 2));

        Assert.That((code, error), Is.EqualTo((
            2,
            "ambissl, labeled 0.5, fold 1 of 4, seed 7: the training is over before a step could be timed; give more images or epochs."
            + Environment.NewLine)));
    }

    [Test]
    public void A_run_that_the_sweep_does_not_have_is_named()
    {
        var (code, _, error) = Try(Time(epochs: 2, "--name", "other"));

        Assert.That((code, error), Is.EqualTo((2, $"Sweep '{At("sweep.json")}' has no run 'other'.{Environment.NewLine}")));
    }

    private string[] Time(int epochs, params string[] more)
    {
        Run(Out, epochs, more: ", \"folds\": [1]");
        return ["time", "--data", Data, "--sweep", At("sweep.json"), "--device", "cpu", .. more];
    }

    private static double Number(Group text) => double.Parse(text.Value, CultureInfo.InvariantCulture);
}
