using System.Text.RegularExpressions;
using AmbiSSL.Torch.Tests.Imaging;
using AmbiSSL.Torch.Tests.Methods;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Models;

/// <summary>The lines of Python in docs/howto/onnx.md.</summary>
internal sealed partial class OnnxPythonTests : TorchFixture
{
    [Test]
    public void They_draw_masks_where_onnxruntime_is_there()
    {
        var python = Python.Importing("numpy, onnxruntime, PIL");
        using var folder = new TemporaryFolder();
        using var model = UntrainedModel.Create(RegisteredMethods.Options(AmbiSSLOptions.Word), new ImageShape(1, 20, 24));
        model.ExportOnnx(folder.Combine("model.onnx"));
        using (var file = File.Create(folder.Combine("scan.png")))
        {
            PngFile.WriteImage(file, new ImagePixels(new ImageShape(1, 20, 24), [.. Enumerable.Range(0, 480).Select(pixel => (byte)pixel)]));
        }

        File.WriteAllText(folder.Combine("draw.py"), Block().Match(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "onnx.md"))).Groups[1].Value);

        var areas = Number().Matches(python.Run(folder.Path, "draw.py"))
            .Select(number => int.Parse(number.Value, System.Globalization.CultureInfo.InvariantCulture)).ToArray();

        Assert.That(areas, Has.Length.EqualTo(10));
        Assert.That(areas, Has.All.InRange(0, 480).And.Some.InRange(1, 479));
    }

    [GeneratedRegex("## Python\n\n```python\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();
}
