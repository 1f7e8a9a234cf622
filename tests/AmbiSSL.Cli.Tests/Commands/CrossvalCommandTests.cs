using System.Text.Json.Nodes;

namespace AmbiSSL.Cli.Tests.Commands;

internal sealed class CrossvalCommandTests : CliFixture
{
    [Test]
    public void Figures_of_each_fold_stand_beside_their_mean_and_deviation()
    {
        Tool.Succeed([.. Crossval("out"), "--ensemble", At("ensemble.zip")]);

        var figures = JsonNode.Parse(File.ReadAllText(At("out", "figures.json")))!;
        double[] ged = [.. figures["folds"]!.AsArray().Select(fold => (double)fold!["ged"]!)];
        Assert.Multiple(() =>
        {
            Assert.That(figures["folds"]!.AsArray().Select(fold => ((int)fold!["fold"]!, (int)fold["images"]!)), Is.EqualTo(new[] { (0, 8), (1, 8) }));
            Assert.That((double)figures["mean"]!["ged"]!, Is.EqualTo((ged[0] + ged[1]) / 2).Within(1e-12));
            Assert.That((double)figures["deviation"]!["ged"]!, Is.EqualTo(Math.Abs(ged[0] - ged[1]) / Math.Sqrt(2)).Within(1e-12));
            Assert.That(((string?)figures["method"], (double?)figures["labeled"], (int?)figures["seed"]), Is.EqualTo(("ambissl", 0.5, 7)));
        });
        Assert.That(
            Tool.Succeed("evaluate", "--model", At("ensemble.zip"), "--data", Data, "--samples", "2", "--figures", "ged").Split('\n')[0],
            Does.Contain("16 images, 4 samples"), "the models of both folds as one");
    }

    [Test]
    public void One_fold_alone_writes_its_figures_where_they_are_asked_for()
    {
        Tool.Succeed([.. Crossval("out", fold: "1"), "--json", At("one.json")]);

        var figures = JsonNode.Parse(File.ReadAllText(At("one.json")))!;
        Assert.That(figures["folds"]!.AsArray().Select(fold => (int)fold!["fold"]!), Is.EqualTo(new[] { 1 }));
        Assert.That(figures["deviation"]!["ged"], Is.Null);
        Assert.That(Directory.GetFiles(At("out")), Is.Empty);
    }

    [Test]
    public void Killed_in_its_second_fold_and_started_again_it_ends_with_the_figures_of_a_run_left_alone()
    {
        Tool.Succeed(Crossval("alone", epochs: "12"));
        using (var process = ToolProcess.Start(Crossval("out", epochs: "12")))
        {
            var isSecond = false;
            while (process.StandardOutput.ReadLine() is { } line && !(isSecond && line.StartsWith("fold 1: epoch 1 of 12", StringComparison.Ordinal)))
            {
                isSecond |= line == "fold 1 is held out";
            }

            process.Kill();
            Assert.That(ToolProcess.Wait(process).ExitCode, Is.Not.Zero, "it was killed before its end");
        }

        var rest = Tool.Succeed(Crossval("out", epochs: "12"));

        Assert.That(rest.Split("fold 1 is held out")[0], Does.Not.Contain("epoch "), "the first fold is not trained again");
        Assert.That(File.ReadAllText(At("out", "figures.json")), Is.EqualTo(File.ReadAllText(At("alone", "figures.json"))));
    }

    [Test]
    public void Folds_side_by_side_have_the_figures_of_folds_one_after_the_other_and_their_lines_name_them()
    {
        Tool.Succeed(Crossval("alone"));

        var output = Tool.Succeed([.. Crossval("out"), "--parallel", "2"]);

        Assert.Multiple(() =>
        {
            Assert.That(
                output,
                Does.StartWith("folds 0, 1 are held out, 2 at a time").And.Contain("fold 0: epoch 1 of 1: ").And.Contain("fold 1: epoch 1 of 1: "));
            Assert.That(output, Does.Contain("fold 0: 8 images, ").And.Contain("fold 1: 8 images, "));
            Assert.That(File.ReadAllText(At("out", "figures.json")), Is.EqualTo(File.ReadAllText(At("alone", "figures.json"))));
        });
    }

    [Test]
    public void A_fold_that_does_not_exist_is_a_usage_error() => RequireUsageError(
        Crossval("out", fold: "2"), "--fold 2: there is no such fold; give one of 0, 1.");

    [Test]
    public void An_ensemble_of_models_with_windows_is_refused_before_any_is_trained() => RequireUsageError(
        [.. Crossval("out"), "--window", "16x16", "--ensemble", At("ensemble.zip")],
        "--ensemble pools masks of images of one size, which models with --window do not draw; leave one of the two out.");

    [Test]
    public void An_ensemble_of_models_that_draw_single_annotators_is_refused_before_any_is_trained()
    {
        RequireUsageError(
            ["crossval", "--data", Data, "--method", "cm-global", "--backbone", "unet", "--out", At("out"), "--ensemble", At("ensemble.zip")],
            "--ensemble pools masks, and cm-global draws those of single annotators too, which are not pooled; leave --ensemble out or give another --method.");
        Assert.That(Directory.Exists(At("out")), Is.False);
    }

    [Test]
    public void A_share_above_1_is_a_usage_error() => RequireUsageError(
        Crossval("out", labeled: "2"), "--labeled is 2; give a share above 0 up to 1, such as 0.1.");

    private static void RequireUsageError(string[] arguments, string message)
    {
        var run = Tool.Run(arguments);

        Assert.That((run.ExitCode, run.Error.Split(Environment.NewLine)[0]), Is.EqualTo((2, message)));
    }

    private string[] Crossval(string folder, string epochs = "1", string labeled = "0.5", string fold = "") =>
    [
        "crossval", "--data", Data, "--folds", "2", "--labeled", labeled, "--seed", "7", "--samples", "2", "--out", At(folder), "--backbone", "unet",
        "--filters", "4,8", "--epochs", epochs, "--batch", "4", "--device", "cpu", "--set", "LatentFilters=[4]", "WarmUpEpochs=0", "PruneFromBlock=0",
        .. fold.Length == 0 ? [] : new[] { "--fold", fold },
    ];
}
