using System.Runtime.CompilerServices;
using AmbiSSL.Cli;
using AmbiSSL.Experiments.Runs;

namespace AmbiSSL.Experiments.Tests.Runs;

[TestFixture]
public sealed class SweepTests
{
    private string _file = "";

    [SetUp]
    public void MakeFile() => _file = Path.GetTempFileName();

    [TearDown]
    public void DeleteFile() => File.Delete(_file);

    [Test]
    public void Seeds_are_outermost_then_folds_then_labeled_shares_then_runs()
    {
        var runs = Read("""{ "runs": [{ "method": "ambissl" }, { "method": "ambissl", "name": "other", "Beta": 0.1 }], "labeled": [0.1, 0.05], "seeds": [1, 2], "folds": [3, 0] }""");

        Assert.That(runs.Select(run => $"{run.Options.Seed} {run.Fold} {run.Labeled} {run.Name}").Take(9), Is.EqualTo(new[]
        {
            "1 3 0.1 ambissl", "1 3 0.1 other", "1 3 0.05 ambissl", "1 3 0.05 other",
            "1 0 0.1 ambissl", "1 0 0.1 other", "1 0 0.05 ambissl", "1 0 0.05 other",
            "2 3 0.1 ambissl",
        }));
        Assert.That(runs, Has.Count.EqualTo(16));
    }

    [Test]
    public void A_run_may_have_a_labeled_share_of_its_own()
    {
        var runs = Read("""{ "runs": [{ "method": "ambissl" }, { "name": "all", "method": "ambissl", "labeled": 1 }], "labeled": [0.1, 0.05] }""");

        Assert.That(runs.Select(run => $"{run.Name} {run.Labeled}"), Is.EqualTo(new[] { "ambissl 0.1", "ambissl 0.05", "all 1" }));
    }

    [Test]
    public void A_run_may_be_an_ensemble()
    {
        var runs = Read("""{ "runs": [{ "method": "one-mask" }, { "name": "one-mask-ensemble", "method": "one-mask", "members": 5 }] }""");

        Assert.That(runs.Select(run => (run.Name, run.Members)), Is.EqualTo(new[] { ("one-mask", 1), ("one-mask-ensemble", 5) }));
    }

    [Test]
    public void A_grid_combines_all_its_values_and_names_the_runs_after_them()
    {
        var runs = Read("""{ "base": { "Epochs": 5 }, "runs": [{ "method": "ambissl" }], "grid": { "KeepFraction": [0.3, 0.5], "CrossSupervision": ["SameCode", "Printed"] } }""");

        Assert.That(runs.Select(run => run.Name), Is.EqualTo(new[]
        {
            "ambissl+KeepFraction=0.3+CrossSupervision=SameCode", "ambissl+KeepFraction=0.3+CrossSupervision=Printed",
            "ambissl+KeepFraction=0.5+CrossSupervision=SameCode", "ambissl+KeepFraction=0.5+CrossSupervision=Printed",
        }));
        var last = (AmbiSSLOptions)runs[^1].Options;
        Assert.That((last.KeepFraction, last.CrossSupervision, last.Epochs, last.Seed), Is.EqualTo((0.5, CrossSupervision.Printed, 5, 1)));
    }

    [Test]
    public void A_run_wins_over_the_base()
    {
        var run = Read("""{ "base": { "Epochs": 5, "Beta": 0.1 }, "runs": [{ "method": "ambissl", "Epochs": 7 }] }""").Single();

        Assert.That((run.Options.Epochs, ((AmbiSSLOptions)run.Options).Beta), Is.EqualTo((7, 0.1)));
    }

    [TestCase("""{ "runs": [{ "method": "ambissl" }, { "name": "wrong", "method": "ambissl", "KeepFractoin": 0.3 }] }""", "run 'wrong': Method 'ambissl'")]
    [TestCase("""{ "runs": [{ "method": "ambissl", "KeepFraction": 3 }] }""", "run 'ambissl': Method 'ambissl'")]
    [TestCase(
        """{ "runs": [{ "method": "ambissl", "Backbone": { "kind": "unet", "Depth": 3 } }] }""",
        "run 'ambissl': Method 'ambissl': option Backbone has no 'Depth'; it has ")]
    [TestCase("""{ "runs": [{ "method": "unheard-of" }] }""", "run 'unheard-of': There is no method 'unheard-of'")]
    [TestCase("""{ "runs": [{ "method": "one-mask", "members": 1 }] }""", "run 'one-mask': 'members' must be a number from 2 to 100")]
    [TestCase("""{ "runs": [{ "method": "pionono", "members": 3 }] }""", "run 'pionono': pionono draws the masks of single annotators too")]
    [TestCase("""{ "runs": [{ "Epochs": 3 }] }""", "run 1 has no method")]
    [TestCase("""{ "runs": [] }""", "'runs' is missing or empty")]
    [TestCase("""{ "run": [] }""", "'run' is none of base, runs, grid")]
    [TestCase("""{ "runs": [{ "method": "ambissl" }, { "method": "ambissl" }] }""", "run 'ambissl' is there twice")]
    [TestCase("""{ "runs": [{ "method": "ambissl", "name": "a/b" }] }""", "run 1 is called 'a/b'")]
    [TestCase("""{ "runs": [{ "method": "ambissl" }], "labeled": [2] }""", "a labeled share is 2")]
    [TestCase("""{ "runs": [{ "method": "ambissl" }], "seeds": ["x"] }""", "'seeds' must be a list of numbers, such as [1, 2, 3]")]
    [TestCase("""{ "runs": [{ "method": "ambissl" }], "grid": { "KeepFraction": 0.3 } }""", "'KeepFraction' in the grid needs a list")]
    [TestCase("""{ "runs": """, "ends early, in line 1: what was opened there is not closed.")]
    [TestCase("""{ "runs": [,] }""", "is no JSON: in line 1, column 12, ',' is an invalid start of a value. Mend it there.")]
    public void A_mistake_is_found_before_the_first_run_and_named_with_file_and_run(string text, string message)
    {
        Assert.That(() => Read(text), Throws.TypeOf<UsageException>().With.Message.Contains(_file).And.Message.Contains(message));
    }

    [TestCaseSource(nameof(Samples))]
    public void Every_sample_sweep_can_be_run(string path)
    {
        var runs = Sweep.Read(path);

        Assert.That(runs, Is.Not.Empty);
        var blocks = Path.GetFileName(path) == "paper.json" ? 5 : 3;
        Assert.That(runs.Select(run => (run.Options.Backbone.DecoderBlocks, run.Options.Training.BatchSize)).Distinct(), Is.EqualTo(new[] { (blocks, 8) }));
    }

    private static IEnumerable<string> Samples() =>
        Directory.GetFiles(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../sweeps"), "*.json").Order(StringComparer.Ordinal);

    private static string ThisFile([CallerFilePath] string path = "") => path;

    private IReadOnlyList<SweepRun> Read(string text)
    {
        File.WriteAllText(_file, text);
        return Sweep.Read(_file);
    }
}
