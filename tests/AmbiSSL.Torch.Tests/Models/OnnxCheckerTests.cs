using AmbiSSL.Torch.Tests.Imaging;
using AmbiSSL.Torch.Tests.Methods;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Models;

/// <summary>Exported files pass ONNX's own checker, where it is there: Debian's python3-onnx has it.</summary>
internal sealed class OnnxCheckerTests : TorchFixture
{
    private const string Script =
        """
        import onnx
        for name in ['full.onnx', 'int8.onnx']:
            onnx.checker.check_model(name, full_check=True)
            print(onnx.load(name).opset_import[0].version)

        """;

    [TestCase(AmbiSSLOptions.Word)]
    [TestCase(PiononoOptions.Word)]
    [TestCase(PixelConfusionMatrixOptions.Word)]
    public void Both_kinds_of_files_pass(string word)
    {
        var python = Python.Importing("onnx");
        using var folder = new TemporaryFolder();
        using var model = UntrainedModel.Create(RegisteredMethods.Options(word), new ImageShape(1, 20, 24));
        model.ExportOnnx(folder.Combine("full.onnx"));
        model.ExportOnnx(
            folder.Combine("int8.onnx"),
            new OnnxExportOptions { Int8Images = new SyntheticLesions(new SyntheticLesionOptions { Images = 2, Height = 20, Width = 24, Radius = 0.2 }) });
        File.WriteAllText(folder.Combine("check.py"), Script);

        Assert.That(python.Run(folder.Path, "check.py").Split('\n', StringSplitOptions.TrimEntries), Is.EqualTo((string[])["17", "17", ""]));
    }
}
