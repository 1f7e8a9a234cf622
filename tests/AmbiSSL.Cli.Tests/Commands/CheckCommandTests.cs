using System.Text.Json.Nodes;

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
            Assert.That(run.Output, Does.Contain("wrong: The same image is in several subjects: Once, such as ").And.Contain("Training on this would be wrong."));
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
