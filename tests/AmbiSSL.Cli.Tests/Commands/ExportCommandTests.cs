namespace AmbiSSL.Cli.Tests.Commands;

internal sealed class ExportCommandTests : CliFixture
{
    [Test]
    public void Noise_in_the_file_makes_another_file()
    {
        Assert.That(Tool.Succeed("export", "--model", Model, "--out", At("open.onnx")), Does.StartWith($"{At("open.onnx")} written, "));
        Tool.Succeed("export", "--model", Model, "--out", At("baked.onnx"), "--samples", "3", "--baked-seed", "5");
        Tool.Succeed("export", "--model", Model, "--out", At("again.onnx"), "--samples", "3", "--baked-seed", "5");
        Tool.Succeed("export", "--model", Model, "--out", At("other.onnx"), "--samples", "3", "--baked-seed", "6");

        var baked = File.ReadAllBytes(At("baked.onnx"));
        Assert.That(File.ReadAllBytes(At("again.onnx")), Is.EqualTo(baked));
        Assert.That(File.ReadAllBytes(At("other.onnx")), Is.Not.EqualTo(baked));
        Assert.That(File.ReadAllBytes(At("open.onnx")), Is.Not.EqualTo(baked));
    }

    [Test]
    public void A_seed_of_no_noise_is_refused()
    {
        var run = Tool.Run("export", "--model", Model, "--out", At("m.onnx"), "--baked-seed", "5");

        Assert.That((run.ExitCode, run.Error.TrimEnd()), Is.EqualTo(
            (2, "--baked-seed is the seed of noise in the file, which only --samples puts there; give --samples too.")));
        Assert.That(File.Exists(At("m.onnx")), Is.False);
    }

    [Test]
    public void No_mask_at_all_is_refused() =>
        Assert.That(
            Tool.Run("export", "--model", Model, "--out", At("m.onnx"), "--samples", "0").Error,
            Does.Contain("--samples is 0; it must be at least 1."));

    [Test]
    public void Integers_of_8_bits_make_another_file_the_same_each_time()
    {
        Tool.Succeed("export", "--model", Model, "--out", At("float.onnx"));
        Tool.Succeed("export", "--model", Model, "--out", At("int8.onnx"), "--int8", "--data", Data);
        Tool.Succeed("export", "--model", Model, "--out", At("again.onnx"), "--int8", "--data", Data);

        var int8 = File.ReadAllBytes(At("int8.onnx"));
        Assert.That(int8, Is.Not.EqualTo(File.ReadAllBytes(At("float.onnx"))));
        Assert.That(File.ReadAllBytes(At("again.onnx")), Is.EqualTo(int8));
    }

    [TestCase("--int8", "--int8 needs --data: images like those that the file will see, over whose values 8 bits are spread.")]
    [TestCase("--data", "--data is of images for 8 bits, which only --int8 asks for; give --int8 too.")]
    public void Integers_and_images_go_together(string given, string error)
    {
        var run = Tool.Run(["export", "--model", Model, "--out", At("m.onnx"), given, .. given == "--data" ? (string[])[Data] : []]);

        Assert.That((run.ExitCode, run.Error.TrimEnd()), Is.EqualTo((2, error)));
        Assert.That(File.Exists(At("m.onnx")), Is.False);
    }
}
