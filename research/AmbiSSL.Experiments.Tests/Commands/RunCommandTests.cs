using System.Diagnostics;
using AmbiSSL.Experiments.Results;

namespace AmbiSSL.Experiments.Tests.Commands;

[TestFixture]
public sealed class RunCommandTests : ExperimentsFixture
{
    [Test]
    public void Each_fold_leaves_tables_that_tell_what_was_done()
    {
        Succeed(Run(Out, epochs: 2));

        var results = Results(Out);
        Assert.That(results.Select(result => result.Runs.Single().Fold), Is.EqualTo(new[] { 0, 1 }));
        foreach (var result in results)
        {
            var run = result.Runs.Single();
            Assert.Multiple(() =>
            {
                Assert.That((run.Method, run.Seed, run.Samples, run.Part), Is.EqualTo(("ambissl", 7, 2, "test")));
                Assert.That(
                    (run.TrainImages, run.TrainSubjects, run.LabeledImages, run.LabeledSubjects),
                    Is.EqualTo((6, 3, 4, 2)),
                    "half of three, rounded up");
                Assert.That((run.Images, run.Subjects), Is.EqualTo((6, 3)));
                Assert.That(run.Steps, Is.EqualTo(2), "two unlabeled images a step, two of them, two epochs");
                Assert.That(run.PeakMemoryBytes, Is.GreaterThan(1 << 20));
                Assert.That(run.Mean(Figure.Ged), Is.EqualTo(result.Scores.Average(score => score[Figure.Ged])).Within(1e-6));
                Assert.That(result.Curves.Count(curve => curve.Series == "total"), Is.EqualTo(2));
            });
        }

        Assert.That(
            results.SelectMany(result => result.Scores).Select(score => score.Image),
            Is.EquivalentTo(Enumerable.Range(1, 12)),
            "every image is tested once");
    }

    [Test]
    public void Runs_side_by_side_give_the_figures_of_runs_one_after_the_other()
    {
        Succeed(Run(At("alone"), epochs: 3));
        Succeed([.. Run(Out, epochs: 3), "--parallel", "2"]);

        Assert.That(
            Results(Out).SelectMany(result => result.Scores).Select(score => score[Figure.Ged]),
            Is.EqualTo(Results(At("alone")).SelectMany(result => result.Scores).Select(score => score[Figure.Ged])));
    }

    [Test]
    public void Figures_of_each_class_stand_beside_their_mean()
    {
        Directory.Delete(Data, recursive: true);
        ImageFolder.Save(
            new SyntheticLesions(
                new SyntheticLesionOptions { Images = 8, Height = 16, Width = 16, ImagesPerSubject = 2, Classes = SyntheticClasses.CoreRimAndStriped }),
            Data);

        Succeed([.. Run(Out, runs: """{ "method": "cm-global" }""", isLatent: false), "--fold", "0", "--classes", "core=1,rim=2,striped=3"]);

        var run = Results(Out).Single().Runs.Single();
        Assert.That(run.Classes, Is.EqualTo(new[] { "core", "rim", "striped" }));
        Assert.That(run.Classes.Average(name => run.OfClass(name).Mean(Figure.DiceSoft)), Is.EqualTo(run.Mean(Figure.DiceSoft)).Within(1e-9));
    }

    [Test]
    public void What_is_done_is_not_done_again()
    {
        Succeed([.. Run(Out), "--fold", "0"]);
        var written = Results(Out).Single().Runs.Single();

        var output = Succeed(Run(Out));

        Assert.That(output, Does.Contain("[1/2] ambissl, labeled 0.5, fold 0 of 2, seed 7: done before"));
        Assert.That(Results(Out).Select(result => result.Runs.Single()).First(), Is.EqualTo(written));
        Assert.That(Results(Out), Has.Length.EqualTo(2));
    }

    [Test]
    public void Other_settings_have_folders_of_their_own()
    {
        Succeed([.. Run(Out), "--fold", "0"]);
        Succeed([.. Run(Out, epochs: 2), "--fold", "0"]);
        Succeed([.. Run(Out), "--fold", "0", "--validation", "0.3"]);

        Assert.That(Results(Out), Has.Length.EqualTo(3));
    }

    [Test]
    public void A_run_that_was_killed_in_its_second_fold_goes_on_inside_it_to_the_figures_of_one_left_alone()
    {
        Succeed(Run(At("alone"), epochs: 12));
        KillInSecondFold(Run(Out, epochs: 12));
        Assert.That(Directory.GetDirectories(Out, "*.unfinished"), Has.Length.EqualTo(1), "the fold under way has its state, the one done has none");

        var rest = Succeed(Run(Out, epochs: 12));

        Assert.That(rest, Does.Contain("epoch 12 of 12").And.Not.Contain("epoch 1 of 12"));
        var (resumed, alone) = (Results(Out), Results(At("alone")));
        Assert.That(resumed.Select(result => result.Runs[0].Figures), Is.EqualTo(alone.Select(result => result.Runs[0].Figures)));
        Assert.That(
            resumed.SelectMany(result => result.Scores).Select(score => score[Figure.Ged]),
            Is.EqualTo(alone.SelectMany(result => result.Scores).Select(score => score[Figure.Ged])));
        Assert.That(resumed.Select(Losses), Is.EqualTo(alone.Select(Losses)), "epochs of both parts");
    }

    [Test]
    public void Curves_end_with_the_results_own_figure()
    {
        Succeed([.. Run(Out, epochs: 2), "--fold", "0", "--curves"]);

        var result = Results(Out).Single();
        double Value(string part, string series) => result.Curves.Single(curve => (curve.Epoch, curve.Part, curve.Series) == (2, part, series)).Value;
        Assert.That(Value("test", "ged"), Is.EqualTo(result.Runs[0].Mean(Figure.Ged)).Within(1e-9));
        Assert.That(Value("unlabeled", "diceSoft"), Is.InRange(0, 1));
        Assert.That(Value("training", "steps"), Is.EqualTo(2));
    }

    [Test]
    public void A_result_names_no_path_no_host_and_no_patient()
    {
        Succeed([.. Run(Out), "--fold", "0"]);

        var source = ImageSources.Open(Data);
        var text = string.Join('\n', Directory.GetFiles(Directory.GetDirectories(Out).Single()).Select(file => CsvFile.Read(file, All)));
        Assert.That(text, Does.Not.Contain(Folder).And.Not.Contain(Environment.MachineName));
        Assert.That(source.Records.Where(record => text.Contains(record.Id) || text.Contains(record.Subject)), Is.Empty);
    }

    [Test]
    public void Validation_takes_training_subjects_out_and_never_opens_an_image_of_the_held_out_fold()
    {
        Succeed([.. Run(Out), "--fold", "0"]);
        var test = Results(Out).Single();
        var source = ImageSources.Open(Data);
        var numbers = new ImageNumbers(source);
        foreach (var record in source.Records.Where(record => test.Scores.Any(score => score.Image == numbers.Of(record.Id).Image)))
        {
            File.WriteAllText(At("data", "images", record.Id + ".png"), "not read");
        }

        Succeed([.. Run(At("validation")), "--fold", "0", "--validation", "0.3"]);

        var result = Results(At("validation")).Single();
        Assert.That((result.Runs[0].Part, result.Runs[0].TrainImages, result.Runs[0].Images), Is.EqualTo(("validation", 4, 2)));
        Assert.That(result.Scores.Select(score => score.Image).Intersect(test.Scores.Select(score => score.Image)), Is.Empty);
    }

    [Test]
    public void A_fold_that_does_not_exist_is_a_usage_error()
    {
        Assert.That(Try([.. Run(Out), "--fold", "2"]), Is.EqualTo((2, "", $"Fold 2 does not exist; give one of 0, 1.{Environment.NewLine}")));
    }

    [Test]
    public void Packed_runs_are_a_group_that_table_and_compare_read()
    {
        Succeed(Run(Out, runs: """{ "method": "ambissl" }, { "name": "other", "method": "ambissl", "Beta": 0.1 }"""));
        var tables = At("tables");

        var packed = Succeed("pack", "--runs", Out, "--group", "mine", "--results", tables);

        Assert.That(packed, Does.StartWith("4 runs added"));
        Assert.That(Succeed("table", "--results", tables, "--group", "mine"), Does.Contain("| AmbiSSL | ").And.Contain("| other | ").And.Contain("2 × 1"));
        Assert.That(
            Succeed("compare", "--results", tables, "--group", "mine", "--a", "ambissl", "--b", "other"),
            Does.StartWith("ambissl@0.5 - other@0.5, test: 12 images of 6 subjects, 1 seeds"));
        Assert.That(Try("table", "--results", tables, "--group", "yours").Error, Does.Contain("has no group 'yours'; it has mine."));
    }

    [Test]
    public void An_ensemble_is_networks_of_seeds_of_their_own_on_the_same_images_and_has_the_figures_that_are_named()
    {
        const string Runs = """{ "method": "one-mask", "Samples": 1 }, { "name": "one-mask-ensemble", "method": "one-mask", "Samples": 1, "members": 3 }""";
        Succeed([.. Run(Out, epochs: 2, runs: Runs, isLatent: false), "--fold", "0", "--figures", "usual,consensusDiceMajority"]);

        var one = Results(Out).Single(result => result.Runs[0].Name == "one-mask");
        var several = Results(Out).Single(result => result.Runs[0].Name == "one-mask-ensemble");
        double[] Totals(ResultTables results, string part) =>
            [.. results.Curves.Where(curve => curve.Part == part && curve.Series == "total").Select(curve => curve.Value)];
        Assert.Multiple(() =>
        {
            Assert.That((several.Runs[0].Samples, several.Runs[0].Steps), Is.EqualTo((3, 3 * one.Runs[0].Steps)));
            Assert.That(several.Runs[0].Parameters, Is.EqualTo(3 * one.Runs[0].Parameters));
            Assert.That(several.Runs[0].LabeledImages, Is.EqualTo(one.Runs[0].LabeledImages));
            Assert.That(Totals(several, "training"), Is.EqualTo(Totals(one, "training")), "the first network is the one alone");
            Assert.That(Totals(several, "training 2"), Is.Not.EqualTo(Totals(one, "training")).And.Length.EqualTo(2));
            Assert.That(several.Runs[0].Mean(Figure.ConsensusDiceMajority), Is.InRange(0, 1));
            Assert.That(
                several.Scores.Average(score => score[Figure.ConsensusDiceMajority]),
                Is.EqualTo(several.Runs[0].Mean(Figure.ConsensusDiceMajority)).Within(1e-6));
        });
        var tables = At("tables");
        Succeed("pack", "--runs", Out, "--group", "mine", "--results", tables);
        Assert.That(
            Succeed("compare", "--results", tables, "--group", "mine", "--a", "one-mask-ensemble", "--b", "one-mask", "--figures", "consensusDiceMajority"),
            Does.Contain("Dice, consensus and majority: ").And.Contain("higher is better"));
    }

    private static double[] Losses(ResultTables result) => [.. result.Curves.Where(curve => curve.Series == "total").Select(curve => curve.Value)];

    private static string All(CsvHelper.CsvReader csv)
    {
        var fields = new List<string>();
        while (csv.Read())
        {
            fields.AddRange(csv.Parser.Record!);
        }

        return string.Join('\n', fields);
    }

    private static void KillInSecondFold(string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "experiments.dll"), .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var isSecond = false;
        while (process.StandardOutput.ReadLine() is { } line && !(isSecond && line.Contains("epoch 3 of", StringComparison.Ordinal)))
        {
            isSecond |= line.StartsWith("[2/2]", StringComparison.Ordinal);
        }

        process.Kill();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Not.Zero, process.StandardError.ReadToEnd());
    }
}
