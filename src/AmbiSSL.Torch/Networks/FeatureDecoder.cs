using AmbiSSL.Torch.Onnx;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Networks;

/// <summary>A decoder: features of several scales to features [B, F, H, W] of the image's own size.</summary>
internal abstract class FeatureDecoder : nn.Module
{
    protected FeatureDecoder(string name)
        : base(name)
    {
    }

    /// <summary>Channels F of the decoded features.</summary>
    public abstract int OutputChannels { get; }

    /// <summary>The blocks, coarsest first; pruning counts them from 0.</summary>
    public abstract IReadOnlyList<nn.Module> Blocks { get; }

    /// <summary>Decodes to the size that the images had before they were padded; the result belongs to the caller's dispose scope.</summary>
    public Tensor Decode(FeaturePyramid pyramid)
    {
        var features = DecodePadded(pyramid.Levels);
        return features.shape[2] == pyramid.Height && features.shape[3] == pyramid.Width
            ? features
            : features.narrow(2, 0, pyramid.Height).narrow(3, 0, pyramid.Width);
    }

    /// <summary>Decodes to the size of the padded images.</summary>
    protected abstract Tensor DecodePadded(Tensor[] levels);

    /// <summary>Writes the decoder to a graph.</summary>
    public OnnxValue Export(OnnxGraph graph, OnnxPyramid pyramid) => graph.Crop(ExportPadded(graph, pyramid.Levels), pyramid.Size);

    /// <summary>Writes <see cref="DecodePadded"/> to a graph.</summary>
    protected abstract OnnxValue ExportPadded(OnnxGraph graph, IReadOnlyList<OnnxValue> levels);

    /// <summary>
    /// Nothing: all is registered under the names that weight files have, and fields would be second names of the same (dotnet/TorchSharp
    /// issue 1272: a module that is registered registers its fields).
    /// </summary>
    protected override void RegisterComponents()
    {
    }
}
