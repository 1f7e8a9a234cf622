using AmbiSSL.Torch.Tests.Imaging;
using AmbiSSL.Torch.Training;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Training;

internal sealed class EpochTableTests : FolderFixture
{
    private string File => Folder.Combine("epochs.csv");

    [Test]
    public void Terms_that_only_some_epochs_have_are_empty_in_the_others()
    {
        var table = new EpochTable(File);
        table.Add(Epoch(1, ("total", 2.5), ("kl", 0.25)));
        table.Add(Epoch(2, ("total", double.NaN), ("cross", 1e-7)));

        Assert.That(System.IO.File.ReadAllText(File), Is.EqualTo(
            """
            epoch,total,kl,imagesPerSecond,cross
            1,2.5,0.25,51.2,
            2,,,51.2,1E-07

            """.ReplaceLineEndings("\n")));
    }

    [Test]
    public void A_training_that_goes_on_keeps_the_epochs_before()
    {
        var before = new EpochTable(File);
        before.Add(Epoch(1, ("total", 3)));
        before.Add(Epoch(2, ("total", 2)));

        new EpochTable(File).Add(Epoch(2, ("total", 2.5)));

        Assert.That(System.IO.File.ReadAllLines(File), Is.EqualTo(["epoch,total,imagesPerSecond", "1,3,51.2", "2,2.5,51.2"]));
    }

    [Test]
    public void A_training_from_the_beginning_replaces_another_ones_table()
    {
        new EpochTable(File).Add(Epoch(1, ("total", 3)));

        new EpochTable(File).Add(Epoch(1, ("total", 4)));

        Assert.That(System.IO.File.ReadAllLines(File), Is.EqualTo(["epoch,total,imagesPerSecond", "1,4,51.2"]));
    }

    [Test]
    public void A_run_with_a_checkpoint_leaves_it_beside_the_checkpoint()
    {
        var options = TinyData.Options with { Epochs = 3 };

        TinyRun.Train(options, new RunOptions { CheckpointDirectory = Folder.Path }, TinyRun.Validation);

        var lines = System.IO.File.ReadAllLines(File);
        Assert.That(lines[0], Does.StartWith("epoch,total,").And.Contains(",imagesPerSecond,").And.Contains(",validation.ged,"));
        Assert.That(lines.Skip(1).Select(line => line.Split(',')[0]), Is.EqualTo(["1", "2", "3"]));
    }

    [Test]
    public void A_run_writes_it_where_it_is_asked_for()
    {
        TinyRun.Train(TinyData.Options with { Epochs = 1 }, new RunOptions { EpochTablePath = Folder.Combine("new", "table.csv") });

        Assert.That(System.IO.File.ReadAllLines(Folder.Combine("new", "table.csv")), Has.Length.EqualTo(2));
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
