using System.Text.Json.Nodes;
using AmbiSSL.Cli.Experiments;

namespace AmbiSSL.Cli.Tests.Experiments;

[TestFixture]
public sealed class CrossvalTests : CrossvalFixture
{
    [Test]
    public void Each_fold_leaves_a_result_that_tells_what_was_done()
    {
        Run(Crossval(Results, "--epochs", "2", "--seed", "7"));

        var results = new ResultFolder(Results).ReadAll();
        Assert.That(results.Select(result => result.Fold), Is.EqualTo(new[] { 0, 1 }));
        foreach (var result in results)
        {
            Assert.Multiple(() =>
            {
                Assert.That((result.Method, result.Seed, result.Samples, result.Part), Is.EqualTo(("ambissl", 7, 2, "test")));
                Assert.That(result.Train, Is.EqualTo(new PartSize(6, 3)));
                Assert.That(result.LabeledPart, Is.EqualTo(new PartSize(4, 2)), "half of three subjects, rounded up");
                Assert.That(result.Evaluation, Is.EqualTo(new PartSize(6, 3)));
                Assert.That(result.Cost.Steps, Is.EqualTo(2), "two unlabeled images a step, two of them, two epochs");
                Assert.That(result.Cost.PeakMemoryBytes, Is.GreaterThan(1 << 20));
                Assert.That(result.Figures[Figure.Ged].Mean, Is.EqualTo(result.Images.Average(image => image.Ged)).Within(1e-12));
            });
        }

        Assert.That(results.SelectMany(result => result.Images).Select(image => image.Id).Distinct().Count(), Is.EqualTo(12), "every image is tested once");
    }

    [Test]
    public void Json_gets_the_figures_of_every_run_those_done_before_included()
    {
        Run(Crossval(Results, "--epochs", "1", "--fold", "0"));
        var path = Path.Combine(Folder, "figures.json");

        Run(Crossval(Results, "--epochs", "1", "--json", path));

        var figures = JsonNode.Parse(File.ReadAllText(path))!.AsArray();
        Assert.That(
            figures.Select(run => ((string?)run!["method"], (int?)run["fold"], (int?)run["samples"], (double?)run["ged"])),
            Is.EqualTo(new ResultFolder(Results).ReadAll().Select(result => ((string?)"ambissl", (int?)result.Fold, (int?)2, (double?)result.Figures[Figure.Ged].Mean))));
    }

    [Test]
    public void A_result_names_no_path_and_no_host()
    {
        Run(Crossval(Results, "--epochs", "1", "--fold", "0"));

        Assert.That(File.ReadAllText(ResultFiles().Single()), Does.Not.Contain(Folder).And.Not.Contain(Environment.MachineName));
    }

    [Test]
    public void What_is_done_is_not_done_again()
    {
        Run(Crossval(Results, "--epochs", "1", "--fold", "0"));
        var written = File.ReadAllText(ResultFiles().Single());

        var output = Run(Crossval(Results, "--epochs", "1"));

        Assert.That(output, Does.Contain("[1/2] ambissl, labelled 0.5, fold 0 of 2, seed 1, test: done before"));
        Assert.That(ResultFiles(), Has.Length.EqualTo(2));
        Assert.That(File.ReadAllText(ResultFiles()[0]), Is.EqualTo(written));
    }

    [Test]
    public void A_result_from_before_an_option_existed_counts_as_done()
    {
        Run(Crossval(Results, "--epochs", "1", "--fold", "0"));
        Change(ResultFiles().Single(), result => result["settings"]!.AsObject().Remove("Beta"));

        Assert.That(Run(Crossval(Results, "--epochs", "1", "--fold", "0")), Does.Contain("done before"));
    }

    [Test]
    public void A_result_under_a_former_hash_counts_as_done_and_stands_in_the_row_of_its_settings()
    {
        Run(Crossval(Results, "--epochs", "1", "--fold", "0"));
        var row = new ResultFolder(Results).ReadAll().Single().Row;
        var file = ResultFiles().Single();
        Change(file, result => result["settingsHash"] = "00000000");
        File.Move(file, file.Replace(row.SettingsHash, "00000000", StringComparison.Ordinal));
        var figures = Path.Combine(Folder, "figures.json");

        var output = Run(Crossval(Results, "--epochs", "1", "--json", figures));

        Assert.That(output, Does.Contain("fold 0 of 2, seed 1, test: done before"));
        Assert.That(JsonNode.Parse(File.ReadAllText(figures))!.AsArray(), Has.Count.EqualTo(2));
        Assert.That(new ResultFolder(Results).ReadAll().Select(result => result.Row), Is.EqualTo(new[] { row, row }));
    }

    [Test]
    public void Other_settings_have_files_of_their_own()
    {
        Run(Crossval(Results, "--epochs", "1", "--fold", "0"));
        Run(Crossval(Results, "--epochs", "2", "--fold", "0"));
        Run(Crossval(Results, "--epochs", "1", "--fold", "0", "--validation", "0.3"));

        Assert.That(ResultFiles(), Has.Length.EqualTo(3));
    }

    [Test]
    public void A_file_that_was_cut_short_is_done_again_with_the_same_figures()
    {
        Run(Crossval(Results, "--epochs", "1", "--fold", "0"));
        var file = ResultFiles().Single();
        var before = ResultFolder.Read(file);
        File.WriteAllText(file, File.ReadAllText(file)[..500]);

        var output = Run(Crossval(Results, "--epochs", "1", "--fold", "0"));

        Assert.That(output, Does.Contain("done again. Result file").And.Contain("is damaged or incomplete"));
        Assert.That(ResultFolder.Read(file).Images, Is.EqualTo(before.Images));
    }

    [Test]
    public void A_file_of_other_settings_under_the_same_name_is_refused()
    {
        Run(Crossval(Results, "--epochs", "1", "--fold", "0"));
        Change(ResultFiles().Single(), result => result["settings"]!["Beta"] = 0.25);

        var (code, _, error) = Try(Crossval(Results, "--epochs", "1", "--fold", "0"));

        Assert.That(code, Is.EqualTo(1));
        Assert.That(error, Does.Contain("is of other settings than this run has; move it away, or choose another --out."));
    }

    [Test]
    public void Validation_takes_training_subjects_out_and_never_opens_an_image_of_the_held_out_fold()
    {
        Run(Crossval(Results, "--epochs", "1", "--fold", "0"));
        var test = new ResultFolder(Results).ReadAll().Single();
        var validation = Path.Combine(Folder, "validation");
        foreach (var image in test.Images)
        {
            File.WriteAllText(Path.Combine(Data, "images", image.Id + ".png"), "not read");
        }

        Run(Crossval(validation, "--epochs", "1", "--fold", "0", "--validation", "0.3"));

        var result = new ResultFolder(validation).ReadAll().Single();
        Assert.That(result.Part, Is.EqualTo("validation"));
        Assert.That((result.Train, result.Evaluation), Is.EqualTo((new PartSize(4, 2), new PartSize(2, 1))));
        Assert.That(result.Images.Select(image => image.Id).Intersect(test.Images.Select(image => image.Id)), Is.Empty);
    }

    [Test]
    public void A_sweep_does_its_runs_and_leaves_what_is_done()
    {
        var sweep = Path.Combine(Folder, "sweep.json");
        File.WriteAllText(sweep, """
            {
              "base": { "method": "ambissl", "Backbone": { "kind": "unet", "Filters": [4, 8] }, "LatentFilters": [4], "BatchSize": 4, "Samples": 2, "Epochs": 1, "PruneFromBlock": 0 },
              "runs": [{ "name": "pruned" }, { "name": "labelled", "BoundSamples": 2 }],
              "labeled": [0.5], "seeds": [1, 2], "folds": [1]
            }
            """);
        string[] arguments = ["crossval", "--data", Data, "--folds", "2", "--sweep", sweep, "--out", Results, "--device", "cpu"];

        var first = Run(arguments);
        var second = Run(arguments);

        Assert.That(first, Does.Contain("[4/4] labelled, labelled 0.5, fold 1 of 2, seed 2, test"));
        Assert.That(ResultFiles(), Has.Length.EqualTo(4));
        Assert.That(second.Split("done before"), Has.Length.EqualTo(5));
    }

    [Test]
    public void A_sweep_and_settings_of_one_method_exclude_each_other()
    {
        var (code, _, error) = Try("crossval", "--data", Data, "--sweep", "x.json", "--epochs", "2", "--out", Results);

        Assert.That(code, Is.EqualTo(2));
        Assert.That(error, Does.Contain("--epochs and --sweep exclude each other: write it into the sweep file."));
    }

    [Test]
    public void Curves_and_a_checkpoint_exclude_each_other()
    {
        var (code, _, error) = Try(Crossval(Results, "--curves", "--checkpoint", Path.Combine(Folder, "checkpoints")));
        Assert.That(code, Is.EqualTo(2));
        Assert.That(error, Does.Contain("curves would lack the epochs from before an interruption"));
    }

    [Test]
    public void A_fold_that_does_not_exist_is_a_usage_error()
    {
        var (code, _, error) = Try(Crossval(Results, "--fold", "2"));

        Assert.That(code, Is.EqualTo(2));
        Assert.That(error, Does.Contain("Fold 2 does not exist; give one of 0, 1."));
    }

    private static void Change(string file, Action<JsonNode> change)
    {
        var result = JsonNode.Parse(File.ReadAllText(file))!;
        change(result);
        File.WriteAllText(file, result.ToJsonString());
    }
}
