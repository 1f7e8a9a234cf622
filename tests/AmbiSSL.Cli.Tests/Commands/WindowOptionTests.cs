using AmbiSSL.Torch.Imaging;

namespace AmbiSSL.Cli.Tests.Commands;

internal sealed class WindowOptionTests : CliFixture
{
    [Test]
    public void Images_that_differ_in_size_are_learned_and_drawn_through_windows()
    {
        Tool.Succeed("synth", "--out", At("data"), "--images", "2", "--lesions", "2", "--size", "256x128", "--annotators", "2");
        var first = At("data", "images", "slide_00000.png");
        var cut = ImageFile.ReadImage(first).Crop(new ImageSize(200, 128));
        ImageFile.Write(first, cut);
        foreach (var mask in Directory.GetFiles(At("data", "masks"), "slide_00000_*.png"))
        {
            ImageFile.Write(mask, ImageFile.ReadImage(mask).Crop(new ImageSize(200, 128)));
        }

        Tool.Succeed(["train", "--data", At("data"), "--window", "64x64", "--out", At("model.zip"), .. TinyModel]);
        Tool.Succeed("evaluate", "--data", At("data"), "--model", At("model.zip"), "--samples", "2", "--device", "cpu");
        Tool.Succeed("predict", "--data", At("data"), "--model", At("model.zip"), "--samples", "2", "--device", "cpu", "--out", At("out"));

        Assert.Multiple(() =>
        {
            Assert.That(ImagePixels.ReadShape(At("out", "masks", "slide_00000_s2.png")), Is.EqualTo(new ImageShape(1, 200, 128)));
            Assert.That(ImagePixels.ReadShape(At("out", "probability", "slide_00001.png")), Is.EqualTo(new ImageShape(1, 256, 128)));
            Assert.That(File.ReadAllLines(At("out", "measurements.csv")), Has.Length.EqualTo(3));
        });
    }
}
