namespace AmbiSSL.Experiments.Tests.Commands;

[TestFixture]
public sealed class TruthCommandTests : ExperimentsFixture
{
    private static readonly string[] Lesions = ["truth", "--images", "24", "--size", "32x32", "--seed", "2", "--classes", "core-and-rim"];

    // An annotator of four and ten draws, all of one distribution: the distance of two of its masks, taken 2 - 9/10 - 3/4 times, were the annotators
    // drawn at random too.
    [Test]
    public void Draws_from_the_truth_are_closer_to_the_experts_the_more_there_are()
    {
        double[] Ged(string samples) => [.. Succeed([.. Lesions, "--samples", samples]).Split('\n')
            .Where(line => ((string[])["| mean", "| core", "| rim"]).Any(start => line.StartsWith(start, StringComparison.Ordinal)))
            .Select(line => double.Parse(line.Split('|')[2], System.Globalization.CultureInfo.InvariantCulture))];

        var (few, many) = (Ged("2"), Ged("40"));

        Assert.That(few, Has.Length.EqualTo(3));
        Assert.That(few[0], Is.EqualTo((few[1] + few[2]) / 2).Within(1e-4));
        Assert.That(few.Zip(many, (a, b) => a - b), Is.All.GreaterThan(0.03));
        Assert.That(many, Is.All.InRange(0.0, 0.2));
    }

    [Test]
    public void A_fold_is_drawn_for_by_itself()
    {
        Assert.That(Succeed([.. Lesions, "--fold", "1"]), Does.StartWith("The truth's own draws, 8 images, 10 samples each."));
        Assert.That(Try([.. Lesions, "--fold", "4"]).Error, Does.StartWith("Fold 4 does not exist; give one of 0, 1, 2, 3."));
    }
}
