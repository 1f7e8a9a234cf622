using AmbiSSL.Torch.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Networks;

/// <summary>Encoder and one decoder of a backbone: from images to features. It is no module: whoever has it registers both.</summary>
/// <param name="backbone">Makes encoder and decoder.</param>
/// <param name="channels">Channels of the images.</param>
internal sealed class FeatureNetwork(BackboneOptions backbone, int channels)
{
    // Their first weights are drawn in this order.
    private readonly FeatureEncoder _encoder = backbone.CreateEncoder(channels);
    private readonly FeatureDecoder _decoder = backbone.CreateDecoder();

    /// <summary>The encoder.</summary>
    public FeatureEncoder Encoder => _encoder;

    /// <summary>Channels F of the features.</summary>
    public int Channels => _decoder.OutputChannels;

    /// <summary>The parameters of both.</summary>
    public IEnumerable<Parameter> Parameters => _encoder.parameters().Concat(_decoder.parameters());

    /// <summary>Registers both under the names that weight files have.</summary>
    public void RegisterIn(nn.Module owner)
    {
        owner.register_module("enc", _encoder);
        owner.register_module("dec", _decoder);
    }

    /// <summary>Features [B, F, H, W] of images [B, C, H, W].</summary>
    public Tensor Features(Tensor images) => Decode(Encoder.Encode(images));

    /// <summary>Features [B, F, H, W] of what the encoder sees of images.</summary>
    public Tensor Decode(FeaturePyramid seen) => _decoder.Decode(seen);

    /// <summary>Writes <see cref="Features"/> to a graph.</summary>
    public OnnxValue Export(OnnxGraph graph, OnnxValue images) => _decoder.Export(graph, Encoder.Export(graph, images));
}
