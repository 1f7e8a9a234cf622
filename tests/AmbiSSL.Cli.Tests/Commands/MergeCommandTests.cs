namespace AmbiSSL.Cli.Tests.Commands;

internal sealed class MergeCommandTests : CliFixture
{
    private static readonly string[] Ids = [.. Enumerable.Range(0, 16).Select(index => $"synthetic_{index:00000}")];

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(16)]
    public void However_images_are_divided_every_byte_is_that_of_one_process(int shards)
    {
        Predict("whole");
        foreach (var shard in Enumerable.Range(0, shards).Reverse())
        {
            Predict("parts", "--shard", $"{shard}/{shards}");
        }

        var output = Tool.Succeed("merge", "--out", At("parts"));

        Assert.That(output, Does.StartWith("All 16 images are there"));
        Assert.That(Files("parts").Keys, Is.EqualTo(Files("whole").Keys));
        Assert.That(Files("parts"), Is.EqualTo(Files("whole")));
    }

    [Test]
    public void A_shard_that_has_not_ended_is_named_with_its_images()
    {
        Predict("out", "--shard", "0/4");
        Predict("out", "--shard", "2/4");
        Predict("out", "--shard", "3/4");

        Assert.That(Merge(), Is.EqualTo((1,
            $"4 of 16 images are missing in '{At("out")}': {Ids[1]}, {Ids[5]}, {Ids[9]}, {Ids[13]}. "
            + $"Give the command again with --shard 1/4.{Environment.NewLine}")));
    }

    [Test]
    public void A_file_that_is_gone_or_another_names_its_image()
    {
        Predict("out", "--shard", "0/2");
        Predict("out", "--shard", "1/2");
        var file = At("out", "masks", $"{Ids[5]}_s2.png");
        File.AppendAllText(file, "x");
        Assert.That(Merge().Error, Does.StartWith($"The files of image '{Ids[5]}' in '{At("out")}' are not those that its shard wrote; delete"));

        File.Delete(file);
        Assert.That(Merge().Error, Does.StartWith($"1 of 16 images are missing in '{At("out")}': {Ids[5]}. Give the command again with --shard 1/2."));
    }

    [Test]
    public void Shards_that_read_different_images_are_refused()
    {
        Predict("out", "--shard", "0/16");
        var manifest = At("out", "manifest", "0-of-16.csv");
        var pixels = File.ReadAllLines(manifest)[1].Split(',')[1];
        File.WriteAllText(At("out", "manifest", "0-of-8.csv"), File.ReadAllText(manifest).Replace(pixels, new string('0', 64), StringComparison.Ordinal));

        Assert.That(Merge().Error, Does.Contain($"says of image '{Ids[0]}' what another manifest beside it contradicts"));
    }

    [TestCase("supervised", "usual")]
    [TestCase("supervised", "all")]
    [TestCase("cm-global", "riskCoverageArea")]
    public void Figures_of_shards_are_those_of_one_process(string method, string figures)
    {
        Tool.Succeed(["train", "--data", Data, "--method", method, "--seed", "7", "--out", At("model.zip"), .. Small]);
        string[] evaluate = ["evaluate", "--model", At("model.zip"), "--data", Data, "--samples", "2", "--folds", "2", "--fold", "0", "--figures", figures];
        var table = Tool.Succeed([.. evaluate, "--json", At("whole.json")]);
        foreach (var shard in (int[])[2, 0, 1])
        {
            Tool.Succeed([.. evaluate, "--shard", $"{shard}/3", "--out", At("out")]);
        }

        Assert.That(
            table,
            Does.StartWith(Tool.Succeed("merge", "--out", At("out"))),
            "no shard knows the calibration error of all pixels together, which follows");
        Assert.That(File.ReadAllText(At("out", "figures.json")), Is.EqualTo(File.ReadAllText(At("whole.json"))));
    }

    [TestCase("core-and-rim", "core=1,rim=2")]
    [TestCase("two-kinds", "solid,striped", "--overlap")]
    public void Shards_of_several_classes_give_the_files_and_figures_of_one_process(string lesions, params string[] classes)
    {
        Tool.Succeed("synth", "--out", At("data"), "--images", "6", "--annotators", "2", "--size", "16x24", "--seed", "5", "--classes", lesions);
        Tool.Succeed(["train", "--data", At("data"), "--classes", .. classes, "--method", "supervised", "--seed", "7", "--out", At("model.zip"), .. Small]);
        string[] predict = ["predict", "--model", At("model.zip"), "--data", At("data"), "--samples", "2"];
        string[] evaluate = ["evaluate", "--model", At("model.zip"), "--data", At("data"), "--samples", "2"];

        Tool.Succeed([.. predict, "--out", At("whole")]);
        Tool.Succeed([.. evaluate, "--json", At("whole.json")]);
        foreach (var shard in (int[])[1, 0])
        {
            Tool.Succeed([.. predict, "--out", At("parts"), "--shard", $"{shard}/2"]);
            Tool.Succeed([.. evaluate, "--out", At("figures"), "--shard", $"{shard}/2"]);
        }

        Tool.Succeed("merge", "--out", At("parts"));
        var table = Tool.Succeed("merge", "--out", At("figures"));

        Assert.Multiple(() =>
        {
            Assert.That(Files("parts"), Is.EqualTo(Files("whole")));
            Assert.That(File.ReadAllText(At("figures", "figures.json")), Is.EqualTo(File.ReadAllText(At("whole.json"))));
            Assert.That(
                table.Split('\n').First(line => line.Contains("figure", StringComparison.Ordinal)),
                Does.Contain(classes[0].StartsWith("core", StringComparison.Ordinal) ? "rim" : "striped"));
        });
    }

    [Test]
    public void A_shard_of_an_evaluation_may_have_no_image()
    {
        string[] evaluate = ["evaluate", "--model", Model, "--data", Data, "--samples", "2", "--fold", "1", "--out", At("out")];
        for (var shard = 0; shard < 5; shard++)
        {
            Tool.Succeed([.. evaluate, "--shard", $"{shard}/5"]);
        }

        Assert.That(Tool.Succeed("merge", "--out", At("out")), Does.Contain("4 images, 2 samples"));
    }

    [Test]
    public void A_folder_that_no_shard_wrote_to_is_refused() =>
        Assert.That(
            Merge(),
            Is.EqualTo(
                (1, $"'{At("out")}' has no run.json, so no shard has begun there; name the folder that predict or evaluate wrote to.{Environment.NewLine}")));

    private static string[] Small => ["--backbone", "unet", "--filters", "4,8", "--epochs", "1", "--batch", "4", "--device", "cpu"];

    private (int ExitCode, string Error) Merge()
    {
        var run = Tool.Run("merge", "--out", At("out"));
        return (run.ExitCode, run.Error);
    }

    private void Predict(string folder, params string[] arguments) =>
        Tool.Succeed(["predict", "--model", Model, "--data", Data, "--samples", "2", "--out", At(folder), .. arguments]);

    // All files but the manifests of the shards themselves.
    private SortedDictionary<string, string> Files(string folder) => new(
        Directory.GetFiles(At(folder), "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(Path.GetDirectoryName(file)) != "manifest")
            .ToDictionary(file => Path.GetRelativePath(At(folder), file), file => Convert.ToHexString(File.ReadAllBytes(file))),
        StringComparer.Ordinal);
}
