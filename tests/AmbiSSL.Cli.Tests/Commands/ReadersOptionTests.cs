using System.Text.Json.Nodes;

namespace AmbiSSL.Cli.Tests.Commands;

/// <summary>Who drew the masks, from the data to the report.</summary>
internal sealed class ReadersOptionTests : CliFixture
{
    private static readonly string Case = Path.Combine(AppContext.BaseDirectory, "Cases", "readers_two_of_three");

    private static readonly string[] Training =
        ["--data", Case, "--method", "pionono", "--epochs", "1", "--batch", "4", "--backbone", "unet", "--filters", "4,8", "--seed", "1"];

    [Test]
    public void By_number_a_model_has_three_annotators_who_are_scored_by_name()
    {
        var trained = Tool.Succeed(["train", .. Training, "--readers", "by-number", "--out", At("m.zip")]);
        var report = Tool.Succeed(
            "evaluate", "--model", At("m.zip"), "--data", Case, "--readers", "by-number", "--samples", "2", "--json", At("e.json"));
        var dice = JsonNode.Parse(File.ReadAllText(At("e.json")))!["annotatorDice"]!.AsObject();

        Assert.Multiple(() =>
        {
            Assert.That(trained, Does.Contain("Annotators: r1, r2, r3"));
            Assert.That(Tool.Succeed("info", "--model", At("m.zip")), Does.Match("annotators +3\n").And.Match("readers +r1, r2, r3\n"));
            Assert.That(report, Does.Contain("Dice of r1, 8 images").And.Contain("Dice of r2, 4 images").And.Contain("Dice of r3, 4 images"));
            Assert.That(dice.Select(reader => (reader.Key, (int)reader.Value!["images"]!)), Is.EqualTo(new[] { ("r1", 8), ("r2", 4), ("r3", 4) }));
        });
    }

    [Test]
    public void Otherwise_annotators_are_two_ranks()
    {
        var trained = Tool.Succeed(["train", .. Training, "--out", At("m.zip")]);

        Assert.That(trained, Does.Contain("Annotators: ranks by area, since the training data names nobody"));
        Assert.That(Tool.Succeed("info", "--model", At("m.zip")), Does.Match("annotators +2\n").And.Match("readers +ranks by area"));
        Assert.That(Tool.Succeed("evaluate", "--model", At("m.zip"), "--data", Case), Does.Contain("Dice of rank 2, 8 images"));
    }

    [Test]
    public void Readers_of_a_data_set_are_counted() => Assert.That(
        Tool.Succeed("info", "--data", Case, "--readers", "by-number"),
        Does.Match("reader r1 +8 masks").And.Match("reader r2 +4 masks").And.Match("reader r3 +4 masks").And.Match("with 2 masks +8 images"));

    [Test]
    public void Another_word_is_refused()
    {
        var run = Tool.Run(["train", .. Training, "--readers", "by-name", "--out", At("m.zip")]);

        Assert.That(run.ExitCode, Is.Not.Zero);
        Assert.That(run.Error, Does.Contain("by-name").And.Contain("by-number"));
    }
}
