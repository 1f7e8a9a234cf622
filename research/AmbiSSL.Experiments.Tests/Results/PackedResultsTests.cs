using AmbiSSL.Experiments.Results;

namespace AmbiSSL.Experiments.Tests.Results;

[TestFixture]
public sealed class PackedResultsTests : ExperimentsFixture
{
    [Test]
    public void The_tables_take_6_megabytes_at_most()
    {
        Assert.That(Directory.GetFiles(PackedResults).Sum(file => new FileInfo(file).Length), Is.LessThanOrEqualTo(6_000_000));
    }

    [Test]
    public void Every_run_has_the_scores_of_as_many_images_and_patients_as_it_says_and_their_mean()
    {
        var tables = ResultTables.Read(PackedResults);

        var scores = tables.Scores.ToLookup(score => score.Run);
        string[] groups =
        [
            "methods", "readings", "without-energy", "rerun-cpu", "rerun-gpu", "controls-same-machine", "cross-entropy", "all-sizes-32", "classes",
            "large-nodules-long",
        ];
        Assert.That(tables.Runs.Select(run => run.Group).Distinct(), Is.EqualTo(groups));
        foreach (var run in tables.Runs)
        {
            Assert.That(scores[run.Run].Count(), Is.EqualTo(run.Images), run.FullName);
            Assert.That(scores[run.Run].Select(score => score.Subject).Distinct().Count(), Is.EqualTo(run.Subjects), run.FullName);
            Assert.That(scores[run.Run].Average(score => score[Figure.Ged]), Is.EqualTo(run.Mean(Figure.Ged)).Within(1e-6), run.FullName);
        }
    }

    [TestCase(
        "ambissl@0.1", "labeled-half@0.1", "GED: -0.0014 (95 % interval -0.0045 to +0.0015 over patients; -0.0051 to +0.0021 over patients and trainings)")]
    [TestCase(
        "ambissl@0.1", "self-training@0.1", "GED: +0.0045 (95 % interval +0.0017 to +0.0079 over patients; +0.0004 to +0.0092 over patients and trainings)")]
    [TestCase(
        "ambissl@0.1", "ambissl-weight0@0.1", "GED: +0.0026 (95 % interval +0.0000 to +0.0056 over patients; -0.0010 to +0.0064 over patients and trainings)")]
    public void Compare_prints_the_intervals_of_the_documents(string a, string b, string interval)
    {
        Assert.That(
            Succeed("compare", "--results", PackedResults, "--a", a, "--b", b),
            Does.StartWith($"{a} - {b}, test: 1611 images of 210 subjects, 3 seeds").And.Contain(interval));
    }

    [TestCase("all-sizes-32", "ambissl@0.1", "labeled-half@0.1", "GED: -0.0065 (95 % interval -0.0139 to +0.0007 over patients)")]
    [TestCase("large-nodules-long", "ambissl@0.1", "labeled-half@0.1", "GED: -0.0061 (95 % interval -0.0115 to -0.0005 over patients)")]
    [TestCase("classes", "ambissl@0.5", "labeled-half@0.5", "GED: -0.0701 (95 % interval -0.0944 to -0.0503 over patients)")]
    public void Compare_prints_the_intervals_of_other_groups(string group, string a, string b, string interval) =>
        Assert.That(Succeed("compare", "--results", PackedResults, "--group", group, "--a", a, "--b", b), Does.Contain(interval));
}
