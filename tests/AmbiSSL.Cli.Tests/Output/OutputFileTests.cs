namespace AmbiSSL.Cli.Tests.Output;

internal sealed class OutputFileTests : CliFixture
{
    private static IEnumerable<string[]> Commands()
    {
        yield return ["evaluate", "--json", "figures.json"];
        yield return ["evaluate", "--csv", "figures.csv"];
        yield return ["evaluate", "--picture", "cases.png"];
        yield return ["report", "--out", "report.html"];
        yield return ["calibrate", "--out", "model.zip"];
        yield return ["check", "--json", "report.json"];
        yield return ["check", "--sheet", "suspects.png"];
        yield return ["export", "--out", "model.onnx"];
        yield return ["train", "--out", "model.zip"];
        yield return ["crossval", "--json", "figures.json"];
        yield return ["crossval", "--ensemble", "model.zip"];
    }

    [TestCaseSource(nameof(Commands))]
    public void A_folder_in_the_place_of_a_file_is_refused_before_the_work(string command, string option, string example)
    {
        var run = Run(command, option, Folder);

        Assert.That(
            (run.ExitCode, run.Error.TrimEnd()), Is.EqualTo((2, $"{option} {Folder} is a folder; name a file, such as {Path.Combine(Folder, example)}.")));
        Assert.That(run.Output, Does.Not.Contain("epoch").And.Not.Contain("GED"));
    }

    [TestCaseSource(nameof(Commands))]
    public void A_folder_that_cannot_be_written_to_is_told_before_the_work(string command, string option, string example)
    {
        // Nobody can write below a file, the administrator neither.
        var folder = Path.Combine(Data, "index.csv");
        var run = Run(command, option, Path.Combine(folder, example));

        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Error, Does.StartWith($"{option} {Path.Combine(folder, example)} cannot be written to the folder '{folder}'; choose another one, "));
        Assert.That(run.Output, Does.Not.Contain("epoch").And.Not.Contain("GED"));
    }

    [TestCase("predict")]
    [TestCase("evaluate", "--shard", "0/2")]
    public void A_file_in_the_place_of_a_folder_is_refused(string command, params string[] more)
    {
        File.WriteAllText(At("file"), "");
        var run = Tool.Run([command, "--model", Model, "--data", Data, "--out", At("file"), .. more]);

        Assert.That(
            (run.ExitCode, run.Error.TrimEnd()),
            Is.EqualTo((1, $"'{At("file")}' is a file; name a folder, a new one or one that was begun with the same settings.")));
    }

    [Test]
    public void An_empty_name_is_refused()
    {
        var run = Run("report", "--out", " ");
        Assert.That((run.ExitCode, run.Error.TrimEnd()), Is.EqualTo((2, "--out is empty; name a file, such as report.html.")));
    }

    private Tool Run(string command, string option, string path)
    {
        string[] inputs = command switch
        {
            "export" => ["--model", Model],
            "check" => ["--data", Data],
            "train" => ["--data", Data, .. TinyModel],
            "crossval" => ["--data", Data, "--folds", "2", "--out", At("folds"), .. TinyModel],
            _ => ["--model", Model, "--data", Data],
        };
        return Tool.Run([command, option, path, .. inputs]);
    }
}
