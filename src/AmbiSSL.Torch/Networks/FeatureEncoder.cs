using AmbiSSL.Torch.Onnx;
using TorchSharp;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Networks;

/// <summary>An encoder: image batch [B, C, H, W] to features of several scales. Any size; images are padded to the stride by replication.</summary>
internal abstract class FeatureEncoder : nn.Module
{
    private readonly int _stride;

    protected FeatureEncoder(string name, int stride)
        : base(name) => _stride = stride;

    /// <summary>Computes the features; they belong to the caller's dispose scope.</summary>
    public FeaturePyramid Encode(Tensor images)
    {
        var (height, width) = (images.shape[2], images.shape[3]);
        var (bottom, right) = (Missing(height), Missing(width));
        var padded = bottom + right == 0
            ? images
            : nn.functional.pad(images, [0, right, 0, bottom], PaddingModes.Replicate);
        return new FeaturePyramid(EncodePadded(padded), height, width);
    }

    /// <summary>Computes the features of images whose sides the stride divides.</summary>
    protected abstract Tensor[] EncodePadded(Tensor images);

    /// <summary>Writes the encoder to a graph.</summary>
    public OnnxPyramid Export(OnnxGraph graph, OnnxValue images) =>
        new(ExportPadded(graph, graph.PadToStride(images, _stride)), graph.Sizes(images, 2, 4));

    /// <summary>Writes <see cref="EncodePadded"/> to a graph.</summary>
    protected abstract IReadOnlyList<OnnxValue> ExportPadded(OnnxGraph graph, OnnxValue images);

    /// <summary>
    /// Nothing: all is registered under the names that weight files have, and fields would be second names of the same (dotnet/TorchSharp
    /// issue 1272: a module that is registered registers its fields).
    /// </summary>
    protected override void RegisterComponents()
    {
    }

    private long Missing(long size) => (_stride - (size % _stride)) % _stride;
}
