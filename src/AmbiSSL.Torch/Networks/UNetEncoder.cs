using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Onnx;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Networks;

/// <summary>The contracting path of a U-Net.</summary>
internal sealed class UNetEncoder : FeatureEncoder
{
    private readonly List<ConvolutionBlock> _blocks = [];

    public UNetEncoder(int channels, UNetBackbone options)
        : base("enc", options.Stride)
    {
        for (var i = 0; i < options.Filters.Count; i++)
        {
            var input = i == 0 ? channels : options.Filters[i - 1];
            _blocks.Add(new ConvolutionBlock(
                $"{i}", input, options.Filters[i], options.ConvolutionsPerBlock, pools: i > 0, options.BatchNormalization, options.NormalizesEachImage));
        }

        register_module("blocks", ModuleGroup.Numbered(_blocks));
    }

    /// <inheritdoc/>
    protected override Tensor[] EncodePadded(Tensor images)
    {
        var levels = new Tensor[_blocks.Count];
        var x = images;
        for (var i = 0; i < levels.Length; i++)
        {
            levels[i] = x = _blocks[i].call(x);
        }

        return levels;
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<OnnxValue> ExportPadded(OnnxGraph graph, OnnxValue images)
    {
        var levels = new OnnxValue[_blocks.Count];
        var x = images;
        for (var i = 0; i < levels.Length; i++)
        {
            levels[i] = x = _blocks[i].Export(graph, x);
        }

        return levels;
    }
}
