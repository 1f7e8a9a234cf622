using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace AmbiSSL.Torch.Tests.Models;

/// <summary>The exported file of a model in ONNX Runtime.</summary>
internal sealed class OnnxModel : IDisposable
{
    public OnnxModel(SegmentationModel model, OnnxExportOptions? options = null)
    {
        var folder = Directory.CreateTempSubdirectory("ambissl-onnx-");
        try
        {
            var path = Path.Combine(folder.FullName, "model.onnx");
            model.ExportOnnx(path, options);
            Session = new InferenceSession(File.ReadAllBytes(path));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>A file that was exported before.</summary>
    public OnnxModel(string path) => Session = new InferenceSession(path);

    public InferenceSession Session { get; }

    /// <summary>The outputs by name, for inputs with their shapes.</summary>
    public Dictionary<string, Array> Run(params (string Name, float[] Values, int[] Shape)[] inputs)
    {
        using var outputs = Session.Run(
            [.. inputs.Select(input => NamedOnnxValue.CreateFromTensor(input.Name, new DenseTensor<float>(input.Values, input.Shape)))]);
        return outputs.ToDictionary(
            output => output.Name, output => output.Value is Tensor<byte> masks ? (Array)masks.ToArray() : ((Tensor<float>)output.Value).ToArray());
    }

    public void Dispose() => Session.Dispose();
}
