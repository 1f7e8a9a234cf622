using AmbiSSL.Torch.Onnx;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Networks;

/// <summary>Encoder, decoder and segmentation head: images and latent codes to masks (section 3.1).</summary>
internal sealed class SegmentationNetwork : nn.Module
{
    private readonly FeatureNetwork _backbone;

    /// <param name="name">Name of the module.</param>
    /// <param name="backbone">Encoder and decoder.</param>
    /// <param name="channels">Channels of the images.</param>
    /// <param name="dimensions">Latent dimensions D.</param>
    /// <param name="classes">The classes K of a mask.</param>
    public SegmentationNetwork(string name, BackboneOptions backbone, int channels, int dimensions, MaskClasses classes)
        : base(name)
    {
        _backbone = new FeatureNetwork(backbone, channels);
        Head = SegmentationHead.For(FeatureChannels, dimensions, classes);
        _backbone.RegisterIn(this);
        register_module("seg", Head);
    }

    /// <summary>Maps features and codes to logits.</summary>
    public SegmentationHead Head { get; }

    /// <summary>Channels F of the features.</summary>
    public int FeatureChannels => _backbone.Channels;

    /// <summary>The encoder.</summary>
    public FeatureEncoder Encoder => _backbone.Encoder;

    /// <summary>Features [B, F, H, W] of images [B, C, H, W].</summary>
    public Tensor Features(Tensor images) => _backbone.Features(images);

    /// <summary>Features [B, F, H, W] of what the encoder sees of images.</summary>
    public Tensor Decode(FeaturePyramid seen) => _backbone.Decode(seen);

    /// <summary>Logits [B, N, K, H, W] of codes [B, N, D] for images [B, C, H, W].</summary>
    public Tensor Logits(Tensor images, Tensor codes) => Head.call(Features(images), codes);

    /// <summary>Writes <see cref="Features"/> to a graph.</summary>
    public OnnxValue ExportFeatures(OnnxGraph graph, OnnxValue images) => _backbone.Export(graph, images);

    /// <summary>
    /// Nothing: all is registered under the names that weight files have, and fields would be second names of the same (dotnet/TorchSharp
    /// issue 1272: a module that is registered registers its fields).
    /// </summary>
    protected override void RegisterComponents()
    {
    }
}
