using System.Text.Json.Nodes;

namespace AmbiSSL.Cli.Tests.Commands;

/// <summary>Label maps of several classes.</summary>
internal sealed class ClassesOptionTests : CliFixture
{
    private const string Parts = "core=1,rim=2";

    [Test]
    public void Check_tells_of_each_class()
    {
        Synth("core-and-rim");

        var output = Tool.Run("check", "--data", At("scans"), "--classes", Parts, "--json", At("check.json")).Output;
        var classes = JsonNode.Parse(File.ReadAllText(At("check.json")))!["classes"]!.AsArray();

        Assert.That(output, Does.Match(@"  core +in [0-9]+ of 18 masks, [0-9.]+ % of all pixels; half below [0-9]+ pixels; readers agree by 0\.[0-9]+"));
        Assert.That(classes.Select(own => (string)own!["name"]!), Is.EqualTo((string[])["core", "rim"]));
    }

    [Test]
    public void Classes_of_label_maps_are_trained_on_drawn_and_scored()
    {
        Synth("core-and-rim");

        var refused = Train("supervised");
        var trained = Train("supervised", "--classes", Parts);
        Tool.Succeed("predict", "--data", At("scans"), "--model", At("model.zip"), "--out", At("drawn"));
        string[] evaluate = ["evaluate", "--data", At("scans"), "--model", At("model.zip")];
        var evaluated = Tool.Succeed([.. evaluate, "--classes", Parts]);

        Assert.Multiple(() =>
        {
            Assert.That(refused.Error, Does.Contain("masks/synthetic_00000_r1.png' holds the values 0 ("));
            Assert.That((trained.ExitCode, trained.Error), Is.EqualTo((0, "")));
            Assert.That(File.Exists(Path.Combine(At("drawn"), "probability", "synthetic_00000_rim.png")));
            Assert.That(evaluated, Does.Contain("core").And.Contain("rim"));
            Assert.That(
                Tool.Succeed(evaluate),
                Is.EqualTo($"Masks have classes as in the model's training, {Parts}; --classes says others.{Environment.NewLine}{evaluated}"),
                "the model knows them");
            Assert.That(Tool.Run("info", "--data", At("scans"), "--classes", Parts).Output, Does.Match("classes +core, rim"));
        });
    }

    [TestCase("core:1,rim:2", "core:1")]
    [TestCase("core=1,nerve/rim=2", "nerve/rim")]
    public void A_class_after_which_no_file_can_be_named_is_refused_before_it_is_trained(string classes, string named)
    {
        Synth("core-and-rim");

        var trained = Train("supervised", "--classes", classes);

        Assert.That(trained.ExitCode, Is.EqualTo(2));
        Assert.That(trained.Error, Does.StartWith($"--classes: the class '{named}' has / \\ or : in its name"));
    }

    [Test]
    public void Masks_that_are_stored_otherwise_than_in_training_are_refused_where_they_are_read()
    {
        Synth("core-and-rim");
        Train("supervised", "--classes", Parts);
        Directory.Move(At("scans"), At("values"));
        Tool.Succeed("synth", "--out", At("scans"), "--images", "6", "--annotators", "3", "--size", "32x32", "--seed", "2");

        var evaluated = Tool.Run("evaluate", "--data", At("scans"), "--model", At("model.zip"));
        Tool.Succeed("predict", "--data", At("scans"), "--model", At("model.zip"), "--out", At("drawn"));

        Assert.That(evaluated.Output, Does.StartWith($"Masks have classes as in the model's training, {Parts}; --classes says others."));
        Assert.That(evaluated.Error, Does.Contain("255"));
        Assert.That(
            Tool.Run("evaluate", "--data", At("scans"), "--model", At("model.zip"), "--category", "core").Error,
            Does.EndWith($"leave Category out. The classes are those of the model's training, {Parts}; --classes says others.{Environment.NewLine}"));
        Assert.That(
            Tool.Run("evaluate", "--data", At("scans", "images"), "--model", At("model.zip")).Error,
            Does.Contain("has none of the known layouts").And.Not.Contain("--classes"), "what is none of classes");
        Assert.That(
            Tool.Run("predict", "--data", At("scans"), "--model", At("model.zip"), "--out", At("drawn"), "--classes", Parts).ExitCode,
            Is.EqualTo(2),
            "no mask is read");
    }

    [Test]
    public void A_cross_validation_has_the_figures_of_each_class_and_leaves_out_what_nobody_drew()
    {
        Synth("core-and-rim");
        string[] crossval =
        [
            "crossval", "--data", At("scans"), "--classes", "core=1,rim=2,calcium=3", "--method", "supervised", "--backbone", "unet", "--filters",
            "4,8", "--epochs", "1", "--batch", "4", "--device", "cpu", "--seed", "1", "--folds", "2", "--samples", "2", "--out", At("out"),
        ];

        var output = Tool.Succeed([.. crossval, "--json", At("agrees.json")]);
        Tool.Succeed([.. crossval, "--absent-classes", "left-out", "--json", At("left-out.json")]);

        // Where the model draws it, Dice is 0 either way; where it does not, it is 1 or none.
        double?[] agrees = Dice("agrees.json"), leftOut = Dice("left-out.json");
        Assert.Multiple(() =>
        {
            Assert.That(output, Does.Match(@"Dice soft.*, core 0\.[0-9]+, rim 0\.[0-9]+, calcium [01]\.[0-9]+"));
            Assert.That(agrees, Has.Length.EqualTo(2).And.Some.GreaterThan(0));
            Assert.That(leftOut, Has.Length.EqualTo(2).And.All.AnyOf(null, 0));
        });

        double?[] Dice(string file) =>
            [.. JsonNode.Parse(File.ReadAllText(At(file)))!["folds"]!.AsArray().Select(fold => (double?)fold!["classes"]!["calcium"]!["diceMax"])];
    }

    [Test]
    public void Classes_that_overlap_have_a_file_each()
    {
        Synth("two-kinds");

        var check = Tool.Run("check", "--data", At("scans"), "--classes", "solid,striped", "--overlap").Output;
        var exclusive = Tool.Run("check", "--data", At("scans"), "--classes", "solid,striped").Output;

        Assert.That(check, Does.Match("  striped +in [0-9]+ of 18 masks"));
        Assert.That(exclusive, Does.Contain("give it one class, or say that classes overlap (--overlap)"));
    }

    [TestCase("one", "")]
    [TestCase("core-and-rim", "Read it with --classes core=1,rim=2.")]
    [TestCase("two-kinds", "Read it with --classes solid,striped --overlap.")]
    [TestCase("core-rim-and-striped", "Read it with --classes core=1,rim=2,striped=3.")]
    public void Synthetic_classes_are_read_as_synth_says(string classes, string advice)
    {
        var lines = Tool.Succeed("synth", "--out", At("scans"), "--images", "2", "--size", "16x16", "--classes", classes).TrimEnd().Split(Environment.NewLine);

        Assert.That(lines.Skip(1).FirstOrDefault(""), Is.EqualTo(advice));
    }

    [TestCase("--overlap is of --classes alone: name them, or leave it out.", "--overlap")]
    [TestCase("Of the classes 'core=1,rim' some have values and 'rim' has none", "--classes", "core=1,rim")]
    [TestCase(
        "In the classes 'core=1,rim=1' the value 1 is of 'core' and of 'rim'; give it to one, or say that classes overlap (--overlap).",
        "--classes",
        "core=1,rim=1")]
    public void Classes_that_cannot_be_are_a_wrong_argument(string message, params string[] arguments)
    {
        Synth("core-and-rim");

        var run = Tool.Run(["info", "--data", At("scans"), .. arguments]);

        Assert.That((run.ExitCode, run.Error), Is.EqualTo((2, run.Error)));
        Assert.That(run.Error, Does.StartWith(message));
    }

    [Test]
    public void Large_images_have_lesions_of_one_class()
    {
        var run = Tool.Run("synth", "--out", At("scans"), "--lesions", "3", "--classes", "two-kinds");

        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Error, Does.StartWith("--lesions 3 makes images with lesions of one class; leave --classes or --lesions out."));
    }

    private Tool Train(string method, params string[] arguments) => Tool.Run([
        "train", "--data", At("scans"), "--method", method, "--backbone", "unet", "--filters", "4,8", "--epochs", "1", "--batch", "4", "--device",
        "cpu", "--seed", "1", "--out", At("model.zip"), .. arguments]);

    private void Synth(string classes) => Tool.Succeed(
        "synth", "--out", At("scans"), "--images", "6", "--annotators", "3", "--size", "32x32", "--seed", "2", "--classes", classes);
}
