using System.Diagnostics;

namespace AmbiSSL.Cli.Tests.Commands;

internal sealed class UsageTests : CliFixture
{
    private static IEnumerable<TestCaseData> Wrong()
    {
        yield return Case("Required command was not provided.");
        yield return Case("Option '--out' is required.", "train", "--data", "x");
        yield return Case("'many' is no value for --epochs; give a whole number, such as 10.", "train", "--data", "x", "--out", "y", "--epochs", "many");
        yield return Case(
            "'fast' is no value for --learning-rate; give a number, with a point for the fraction, such as 0.01.",
            "train",
            "--data",
            "x",
            "--out",
            "y",
            "--learning-rate",
            "fast");
        yield return Case(
            "'0,01' is no value for --learning-rate; give a number, with a point for the fraction, such as 0.01.",
            "train", "--data", "x", "--out", "y", "--learning-rate", "0,01");
        yield return Case(
            "'NaN' is no value for --learning-rate; give a number, with a point for the fraction, such as 0.01.",
            "train", "--data", "x", "--out", "y", "--learning-rate", "NaN");
        yield return Case("'1e2' is no value for --batch; give a whole number, such as 10.", "train", "--data", "x", "--out", "y", "--batch", "1e2");
        yield return Case(
            "'1,000' is no value for --cache-limit; give a whole number, such as 10.", "train", "--data", "x", "--out", "y", "--cache-limit", "1,000");
        yield return Case("' 7' is no value for --seed; give a whole number, such as 10.", "synth", "--out", "y", "--seed", " 7");
        yield return Case(
            "'4.0' is no value for --samples; give a whole number, such as 10.", "predict", "--model", "x", "--data", "x", "--out", "y", "--samples", "4.0");
        yield return Case("'64' is no size; write height and width in pixels, such as 128x128.", "train", "--data", "x", "--out", "y", "--crop", "64");
        yield return Case(
            "--crop and --size exclude each other: give one of them.", "train", "--data", "x", "--out", "y", "--crop", "8x8", "--size", "8x8");
        yield return Case(
            "--folds says how many folds there are; give --fold K too, the one that is held out.", "train", "--data", "x", "--out", "y", "--folds", "4");
        yield return Case("Option BatchSize is 3; it must be an even number of at least 2.", "train", "--data", "x", "--out", "y", "--batch", "3");
        yield return Case("has no option 'Speed'; it has AlphaLabeled", "train", "--data", "x", "--out", "y", "--set", "Speed=9");
        yield return Case("option Epochs has a value of the wrong kind.", "train", "--data", "x", "--out", "y", "--set", "Epochs=few");
        yield return Case(
            "Method 'ambissl': option Training: option Augmentation has no 'Blur'; it has ",
            "train", "--data", "x", "--out", "y", "--set", "Training={\"Augmentation\":{\"Blur\":1}}");
        yield return Case(
            "Method 'ambissl': option Backbone has no 'Depth'; it has BatchNormalization, ConvolutionsPerBlock, Filters, Normalization.", "train",
            "--data", "x", "--out", "y", "--set", "Backbone={\"kind\":\"unet\",\"Depth\":3}");
        yield return Case(
            "Method 'ambissl': option Backbone needs the 'kind' \"unet\" or \"resnet34\".", "train", "--data", "x", "--out", "y", "--set",
            "Backbone={\"kind\":\"vgg\"}");
        yield return Case("--device: 'gpu' is no device; use auto, cpu, cuda or cuda:INDEX.", "train", "--data", "x", "--out", "y", "--device", "gpu");
        yield return Case("--cache-limit is -1; it must be at least 0.", "train", "--data", "x", "--out", "y", "--cache-limit", "-1");
        yield return Case(
            "--filters 4,8 belongs to --backbone unet; resnet34 has filters of its own.",
            "train", "--data", "x", "--out", "y", "--backbone", "resnet34", "--filters", "4,8");
        yield return Case(
            "Option '--model' expects a single argument but 2 were provided.", "calibrate", "--model", "a", "--model", "b", "--data", "x", "--out", "y");
        yield return Case("--samples is 0; it must be from 1 to 100000.", "evaluate", "--model", "m", "--data", "x", "--samples", "0");
        yield return Case("--data is empty; name a file or a folder.", "check", "--data", "");
        yield return Case("--model is empty; name a file or a folder.", "info", "--model", " ");
        yield return Case(
            "--samples is 2147483647; it must be from 1 to 100000.", "predict", "--model", "m", "--data", "x", "--out", "y", "--samples", "2147483647");
        yield return Case("'4/4' is no shard; write part and number of parts", "predict", "--model", "m", "--data", "x", "--out", "y", "--shard", "4/4");
        yield return Case("'--epoch' is no option of train; did you mean --epochs?", "train", "--data", "x", "--epoch", "5", "--out", "y");
        yield return Case("'--epohcs' is no option of train; did you mean --epochs?", "train", "--data", "x", "--out", "y", "--set", "Beta=1", "--epohcs=5");
        yield return Case("'--lr' is no option of train.", "train", "--data", "x", "--out", "y", "--lr", "0.1");
        yield return Case("'trian' is no command; did you mean train?", "trian", "--data", "x");
        yield return Case("'extra' is no argument of train.", "train", "--data", "x", "--out", "y", "extra");
        yield return Case(
            "'abc' is no value for --keep-fraction; give a number, with a point for the fraction, such as 0.01.",
            "train", "--data", "x", "--out", "y", "--keep-fraction", "abc");
        yield return Case(
            "--alpha-u 0.5 belongs to --preset published, whose losses have unlabeled Kullback-Leibler terms; give that too, or leave it out.",
            "train", "--data", "x", "--out", "y", "--alpha-u", "0.5");
        yield return Case(
            "--validation is 1; give a share between 0 and 1, such as 0.25.", "train", "--data", "x", "--out", "y", "--validation", "1");
        yield return Case(
            "EarlyStoppingPatience is set, but nothing is kept out to validate on; give --validation SHARE too, such as --validation 0.2.",
            "train", "--data", "x", "--out", "y", "--set", "EarlyStoppingPatience=3");
        yield return Case(
            "ValidationEvery is set, but nothing is kept out to validate on; give --validation SHARE too, such as --validation 0.2.",
            "train", "--data", "x", "--out", "y", "--set", "ValidationEvery=2");
        yield return Case(
            "EarlyStoppingPatience is set, but nothing is kept out to validate on; each fold is trained to its last epoch: leave it out.",
            "crossval", "--data", "x", "--out", "y", "--set", "EarlyStoppingPatience=3");
        yield return Case("Height is 8; it must be 16 to 4096.", "synth", "--out", "never", "--size", "8x16");
        yield return Case("Images is 0; it must be at least 1.", "synth", "--out", "never", "--images", "0");

        static TestCaseData Case(string error, params string[] arguments) => new(error, arguments) { TestName = error };
    }

    [TestCaseSource(nameof(Wrong))]
    public void Wrong_arguments_end_with_exit_code_2_and_a_sentence(string error, string[] arguments)
    {
        var run = Tool.Run(arguments);

        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.EqualTo(2));
            Assert.That(run.Error.Split(Environment.NewLine)[0], Does.Contain(error));
            Assert.That(run.Output, Is.Empty);
        });
    }

    [Test]
    public void A_fold_that_is_not_there_is_refused()
    {
        var run = Tool.Run(["train", "--data", Data, "--fold", "4", "--out", At("model.zip"), .. TinyModel]);

        Assert.That((run.ExitCode, run.Error), Is.EqualTo((2, $"--fold 4: there is no such fold; give one of 0, 1, 2, 3.{Environment.NewLine}")));
    }

    [TestCase("train", "--data", "nowhere", "--out", "model.zip", ExpectedResult = "Data set 'nowhere' does not exist.")]
    [TestCase("predict", "--model", "no.zip", "--data", "x", "--out", "y", ExpectedResult = "Model file 'no.zip' does not exist.")]
    [TestCase("info", "--data", "nowhere", ExpectedResult = "Data set 'nowhere' does not exist.")]
    public string What_fails_ends_with_exit_code_1_and_a_sentence(params string[] arguments)
    {
        var run = Tool.Run(arguments);

        Assert.That(run.ExitCode, Is.EqualTo(1));
        return run.Error.TrimEnd();
    }

    [Test]
    public void A_file_of_another_kind_is_no_model()
    {
        File.WriteAllText(At("model.zip"), "no zip");

        var run = Tool.Run("info", "--model", At("model.zip"));

        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Error, Does.StartWith($"{At("model.zip")} is no model file that can be read: "));
    }

    [Test]
    [Platform("Linux")]
    public void A_pipe_is_refused_as_a_model_without_waiting_for_what_it_says()
    {
        using var pipe = Process.Start("mkfifo", At("model.zip"));
        pipe.WaitForExit();

        var run = Tool.Run("info", "--model", At("model.zip"));

        Assert.That(
            (run.ExitCode, run.Error.TrimEnd()),
            Is.EqualTo((1, $"Model file '{At("model.zip")}' is a pipe, no file; give the name of a file.")));
    }

    [TestCase("train")]
    [TestCase("predict")]
    [TestCase("evaluate")]
    [TestCase("info")]
    [TestCase("synth")]
    public void Help_names_the_arguments(string command) =>
        Assert.That(Tool.Succeed(command, "--help"), Does.Contain(command == "info" ? "--model" : command is "train" or "predict" ? "--out" : "--"));
}
