using System.Runtime.InteropServices;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Tests.Imaging;
using AmbiSSL.Torch.Tests.Methods;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Models;

/// <summary>samples/python/weights.py reads what a model wrote.</summary>
internal sealed class PythonWeightsTests : TorchFixture
{
    [TestCase("enc.blocks.0.0")]
    [TestCase("prior.encoder.0")]
    public void NumPy_recomputes_a_convolution_of_a_model(string name)
    {
        var python = Python.Importing("numpy");
        using var folder = new TemporaryFolder();
        using var model = UntrainedModel.Create(RegisteredMethods.Options(AmbiSSLOptions.Word), new ImageShape(1, 13, 17));
        var (weights, images, result) = (folder.Combine("weights.safetensors"), folder.Combine("images.safetensors"), folder.Combine("result.f32"));
        model.Save(weights);
        var pixels = rand(2, 1, 13, 17);
        using (var stream = File.Create(images))
        {
            Safetensors.Write(stream, new Dictionary<string, Tensor> { ["images"] = pixels }, new Dictionary<string, string>());
        }

        var script = Path.Combine(AppContext.BaseDirectory, "weights.py");
        python.Run(folder.Path, script, weights, name, images, result);
        var state = model.Method.state_dict();

        var expected = nn.functional.conv2d(pixels, state[$"{name}.weight"], state.GetValueOrDefault($"{name}.bias"), padding: [1, 1]);
        Assert.That(
            MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(result)).ToArray(), Is.EqualTo(expected.detach().data<float>().ToArray()).Within(1e-5));
        Assert.That(
            python.Run(folder.Path, script, weights).Split('\n')[1..^1],
            Is.EqualTo(state.OrderBy(weight => weight.Key, StringComparer.Ordinal).Select(
                weight => $"{weight.Key} {(weight.Value.dtype == ScalarType.Float32 ? "float32" : "int64")} [{string.Join(", ", weight.Value.shape)}]")));
    }
}
