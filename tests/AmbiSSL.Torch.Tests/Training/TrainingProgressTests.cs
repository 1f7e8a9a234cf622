using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Training;

public sealed class TrainingProgressTests
{
    private static readonly TrainingProgress Progress = new()
    {
        Epoch = 3,
        Epochs = 20,
        Step = 40,
        StepsPerEpoch = 80,
        Losses = new Dictionary<string, double> { ["total"] = 0.53125, ["dice_theta"] = 0.25 },
        ImagesPerSecond = 51.26,
        Remaining = new TimeSpan(26, 2, 3),
    };

    [Test]
    public void The_line_of_an_epoch_has_every_loss_term() => Assert.That(
        Progress.ToString(), Is.EqualTo("epoch 3 of 20: total 0.5312, dice_theta 0.2500; 51.3 images/s, 26:02:03 left"));

    [Test]
    public void The_line_of_a_validated_epoch_has_scores()
    {
        var scores = new ScoreSummary(5, new Dictionary<Figure, ScoreAverage> { [Figure.Ged] = new(0.312, 0, 5), [Figure.DiceSoft] = new(0.8114, 0, 5) });

        Assert.That(
            (Progress with { Validation = scores }).ToString(),
            Is.EqualTo("epoch 3 of 20: total 0.5312, dice_theta 0.2500; validation GED 0.3120, Dice soft 0.8114; 51.3 images/s, 26:02:03 left"));
    }

    [Test]
    public void The_short_line_has_the_loss_that_is_minimized_alone() => Assert.That(
        Progress.ToShortString(), Is.EqualTo("epoch 3 of 20: loss 0.531; 51.3 images/s, 26:02:03 left"));
}
