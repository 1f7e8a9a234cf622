using AmbiSSL.Experiments.Results;

namespace AmbiSSL.Experiments.Tests.Results;

[TestFixture]
public sealed class ResultTablesTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("ambissl-results-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void What_is_written_is_read_back()
    {
        var tables = new ResultTables(
            [HandMade.Run(settings: """{"Backbone":{"kind":"unet"},"WhatIsNoOption":true}""", validation: 0.25) with { Started = new DateTime(2026, 11, 26, 4, 5, 6) }],
            [HandMade.Score(1, 2, 3, 0.123456), new ScoreRow(1, 2, 4, new Dictionary<string, double> { ["ged"] = double.NaN, ["other"] = 1 })],
            [new CurveRow(1, 6, "training", "total", 0.5)]);

        tables.Write(_folder);

        var read = ResultTables.Read(_folder);
        Assert.That(read.Runs, Is.EqualTo(tables.Runs));
        Assert.That(read.Curves, Is.EqualTo(tables.Curves));
        Assert.That(read.Scores.Select(score => (score.Run, score.Subject, score.Image)), Is.EqualTo(new[] { (1, 2, 3), (1, 2, 4) }));
        Assert.That(
            read.Scores.Select(score => score.Scores),
            Is.EqualTo(tables.Scores.Select(score => score.Scores)),
            "scores that an image has not are absent");
    }

    [Test]
    public void Added_runs_are_numbered_after_those_that_are_there()
    {
        var one = new ResultTables([HandMade.Run()], [HandMade.Score(1, 1, 1, 0.1)], [new CurveRow(1, 1, "training", "total", 0)]);

        var both = new ResultTables([], [], []).With(one, "first").With(one, "second");

        Assert.That(both.Runs.Select(run => (run.Run, run.Group)), Is.EqualTo(new[] { (1, "first"), (2, "second") }));
        Assert.That(both.Scores.Select(score => score.Run).Concat(both.Curves.Select(curve => curve.Run)), Is.EqualTo(new[] { 1, 2, 1, 2 }));
    }

    [Test]
    public void A_run_is_in_a_group_once()
    {
        var one = new ResultTables([HandMade.Run()], [], []);

        Assert.That(() => one.With(one, ""), Throws.TypeOf<InvalidDataException>().With.Message.Contains("already"));
    }

    [Test]
    public void A_table_that_was_cut_short_is_named()
    {
        new ResultTables([HandMade.Run()], [HandMade.Score(1, 1, 1, 0.1)], []).Write(_folder);
        var path = Path.Combine(_folder, "scores.csv.gz");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..20]);

        Assert.That(() => ResultTables.Read(_folder), Throws.TypeOf<InvalidDataException>().With.Message.Contains(path));
    }
}
