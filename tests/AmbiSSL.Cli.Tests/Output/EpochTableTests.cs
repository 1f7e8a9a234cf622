using AmbiSSL.Cli.Output;

namespace AmbiSSL.Cli.Tests.Output;

internal sealed class EpochTableTests : CliFixture
{
    [Test]
    public void Terms_that_only_some_epochs_have_are_empty_in_the_others()
    {
        var table = new EpochTable(At("epochs.csv"));
        table.Add(Epoch(1, ("total", 2.5), ("kl", 0.25)));
        table.Add(Epoch(2, ("total", double.NaN), ("cross", 1e-7)));

        Assert.That(File.ReadAllText(At("epochs.csv")), Is.EqualTo(
            """
            epoch,total,kl,imagesPerSecond,cross
            1,2.5,0.25,51.2,
            2,,,51.2,1E-07

            """.ReplaceLineEndings("\n")));
    }

    [Test]
    public void A_training_that_goes_on_keeps_the_epochs_before()
    {
        var before = new EpochTable(At("epochs.csv"));
        before.Add(Epoch(1, ("total", 3)));
        before.Add(Epoch(2, ("total", 2)));

        new EpochTable(At("epochs.csv")).Add(Epoch(2, ("total", 2.5)));

        Assert.That(File.ReadAllLines(At("epochs.csv")), Is.EqualTo(["epoch,total,imagesPerSecond", "1,3,51.2", "2,2.5,51.2"]));
    }

    [Test]
    public void A_training_from_the_beginning_replaces_another_ones_table()
    {
        new EpochTable(At("epochs.csv")).Add(Epoch(1, ("total", 3)));

        new EpochTable(At("epochs.csv")).Add(Epoch(1, ("total", 4)));

        Assert.That(File.ReadAllLines(At("epochs.csv")), Is.EqualTo(["epoch,total,imagesPerSecond", "1,4,51.2"]));
    }

    private static TrainingProgress Epoch(int epoch, params (string Name, double Value)[] losses) => new()
    {
        Epoch = epoch,
        Epochs = 10,
        Step = 2,
        StepsPerEpoch = 2,
        Losses = losses.ToDictionary(loss => loss.Name, loss => loss.Value),
        ImagesPerSecond = 51.2,
        Remaining = TimeSpan.Zero,
    };
}
