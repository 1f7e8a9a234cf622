using System.Text.Json.Nodes;
using AmbiSSL.Torch.Imaging;

namespace AmbiSSL.Cli.Tests.Commands;

/// <summary>A look at a data set before training.</summary>
internal sealed class CheckCommandTests : CliFixture
{
    [Test]
    public void A_sound_data_set_is_described_and_its_sheet_drawn()
    {
        var text = Tool.Succeed("check", "--data", Data, "--sheet", At("sheet.png"), "--json", At("check.json"));
        var json = JsonNode.Parse(File.ReadAllText(At("check.json")))!;

        Assert.Multiple(() =>
        {
            Assert.That(text, Does.Match("images +16 of 4 subjects").And.Match("sizes +all 1x16x24").And.Match("masks +all 3 masks"));
            Assert.That(text, Does.Match("  r1 +16 masks").And.Match("  r3 +16 masks").And.Contain("Nothing suspicious was found."));
            Assert.That((bool)json["isSound"]!, Is.True);
            Assert.That((int)json["readers"]![2]!["masks"]!, Is.EqualTo(16));
            Assert.That(json["suspects"]!.AsArray(), Has.Count.EqualTo(4));
            Assert.That(new FileInfo(At("sheet.png")).Length, Is.GreaterThan(1000));
        });
    }

    [Test]
    public void The_same_image_of_two_patients_ends_with_1_and_is_the_first_that_train_names()
    {
        var copy = CopyData();
        string[] images = [.. Directory.EnumerateFiles(Path.Combine(copy, "images")).Order(StringComparer.Ordinal)];
        File.Copy(images[0], images[^1], overwrite: true);

        var run = Tool.Run("check", "--data", copy, "--json", At("check.json"));
        var trained = Tool.Succeed(["train", "--data", copy, "--out", At("m.zip"), .. TinyModel]);
        var finding = JsonNode.Parse(File.ReadAllText(At("check.json")))!["findings"]![0]!;

        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.EqualTo(1));
            Assert.That(
                run.Output,
                Does.Contain("wrong: The same image is in several subjects: Once, such as ").And.Contain("Training on this would be wrong."));
            Assert.That((string)finding["harm"]!, Is.EqualTo("wrong"));
            Assert.That(
                finding["images"]!.AsArray().Select(id => (string)id!),
                Is.EqualTo(new[] { Path.GetFileNameWithoutExtension(images[0]), Path.GetFileNameWithoutExtension(images[^1]) }));
            Assert.That(trained, Does.Contain("wrong: The same image is in several subjects"));
        });
    }

    [Test]
    public void A_mask_with_another_name_is_listed_as_not_read()
    {
        var copy = CopyData();
        var mask = Directory.EnumerateFiles(Path.Combine(copy, "masks")).Order(StringComparer.Ordinal).First();
        File.Copy(mask, mask.Replace("_r1.png", "-r4.png"));

        var text = Tool.Succeed("check", "--data", copy, "--json", At("check.json"));

        Assert.That(text, Does.Contain("suspicious: Files are not read: 1 file is left out: ").And.Contain("-r4.png'"));
        Assert.That(JsonNode.Parse(File.ReadAllText(At("check.json")))!["leftOut"]!.AsArray(), Has.Count.EqualTo(1));
    }

    [Test]
    public void What_could_not_be_read_is_not_described()
    {
        Tool.Succeed("synth", "--out", At("labels"), "--images", "4", "--annotators", "2", "--size", "16x24", "--classes", "core-and-rim");

        var unnamed = Tool.Run("check", "--data", At("labels")).Output;
        var named = Tool.Run("check", "--data", At("labels"), "--classes", "core=8,rim=9").Output;

        Assert.That(unnamed, Does.Match("pixels +all UInt8 *[\r\n]").And.Match("window +none *[\r\n]").And.Match("masks +none could be read"));
        Assert.That(unnamed, Does.Match("agreement +unknown; it takes an image with two masks"));
        Assert.That(named, Does.Not.Match("  core +in"));
    }

    [Test]
    public void A_reader_whose_masks_are_all_empty_has_no_areas()
    {
        var copy = CopyData();
        foreach (var mask in Directory.GetFiles(Path.Combine(copy, "masks"), "*_r2.png"))
        {
            ImageFile.WriteMask(mask, new ImageSize(16, 24), new byte[16 * 24]);
        }

        Assert.That(Tool.Run("check", "--data", copy).Output, Does.Match("  r2 +16 masks, all of them empty *[\r\n]"));
    }

    [Test]
    public void Images_of_several_sizes_are_sound_for_a_training_with_windows()
    {
        var copy = CopyData();
        foreach (var file in Directory.GetFiles(copy, "synthetic_00000*.png", SearchOption.AllDirectories))
        {
            ImageFile.Write(file, ImageFile.ReadImage(file).Crop(new ImageSize(14, 20)));
        }

        var refused = Tool.Run("check", "--data", copy);

        Assert.That(refused.Output, Does.Contain("wrong: Images have several sizes: 15 of 1x16x24, 1 of 1x14x20").And.Contain("(--window)"));
        Assert.That(
            Tool.Succeed("check", "--data", copy, "--window", "8x8"),
            Does.Contain("1x14x20").And.Match("  r1 +16 masks").And.Not.Contain("several sizes"));
    }

    private string CopyData()
    {
        var copy = At("copy");
        foreach (var file in Directory.EnumerateFiles(Data, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(Data, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return copy;
    }
}
