using System.IO.Compression;

namespace AmbiSSL.Cli.Tests.Commands;

internal sealed class InfoCommandTests : CliFixture
{
    [Test]
    public void A_data_set_is_counted()
    {
        File.WriteAllLines(At("index.csv"), ["id,subject,annotators,fold", "a,p,2,0", "b,p,0,0", "c,q,1,1"]);
        foreach (var (kind, names) in new[] { ("images", (string[])["a", "b", "c"]), ("masks", ["a_r1", "a_r2", "c_r2"]) })
        {
            Directory.CreateDirectory(At(kind));
            foreach (var name in names)
            {
                File.Copy(Path.Combine(Data, "masks", "synthetic_00000_r1.png"), At(kind, $"{name}.png"));
            }
        }

        Assert.That(Tool.Succeed("info", "--data", Folder).Split(Environment.NewLine), Is.EqualTo(
        [
            "images          3 of 1x16x24 (channels x height x width)", "intensities     UInt8, which stands for 0 to 1",
            "subjects        2", "labeled         2 images", "unlabeled       1 images",
            "readers         none named: the masks of an image are a set without order", "  with 1 masks  1 images", "  with 2 masks  1 images",
            "  fold 0        2 images of 1 subjects", "  fold 1        1 images of 1 subjects", "",
        ]));
    }

    [Test]
    public void A_model_is_described() => Assert.That(
        Tool.Succeed("info", "--model", Model),
        Does.StartWith("method").And.Contain("ambissl").And.Contain("1x16x24").And.Match("preprocessing +none\n").And.Match("post-processing +none\n")
            .And.Match("consensus +probability above 0.5\n").And.Match("intensities +UInt8, which stands for 0 to 1; 5 to 163 in training\n")
            .And.Match(@"parameters +[\d,]+").And.Match("checksum +[0-9a-f]{64} ")
            .And.Match("  Epochs +1\n").And.Contain("\"Filters\":[4,8]"));

    [Test]
    public void A_damaged_model_is_refused_by_name()
    {
        File.Copy(Model, At("model.zip"));
        using (var zip = ZipFile.Open(At("model.zip"), ZipArchiveMode.Update))
        {
            var entry = zip.Entries.Single(entry => entry.Name == "Model.safetensors");
            using var stream = entry.Open();
            stream.Position = stream.Length - 1;
            var last = stream.ReadByte();
            stream.Position--;
            stream.WriteByte((byte)(last ^ 1));
        }

        var run = Tool.Run("info", "--model", At("model.zip"));

        Assert.That(
            (run.ExitCode, run.Error.TrimEnd()),
            Is.EqualTo((1, $"{At("model.zip")} (Model.safetensors) is damaged: its content does not match its checksum.")));
    }

    [Test]
    public void Alone_it_tells_versions_device_library_and_licenses() => Assert.That(
        Tool.Succeed("info"),
        Does.Contain("TorchSharp").And.Match("device +(cpu|cuda)").And.Match("libtorch +from .*torch_cpu").And.Contain("MIT")
            .And.Contain("Not a medical device."));
}
