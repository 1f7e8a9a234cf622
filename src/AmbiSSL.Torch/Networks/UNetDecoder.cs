using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Onnx;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Networks;

/// <summary>The expanding path of a U-Net: bilinear doubling with aligned corners, concatenation of the skip after it, convolutions.</summary>
internal sealed class UNetDecoder : FeatureDecoder
{
    private static readonly double[] Doubled = [2, 2];

    private readonly List<ConvolutionBlock> _blocks = [];

    public UNetDecoder(UNetBackbone options)
        : base("dec")
    {
        var filters = options.Filters;
        for (var level = filters.Count - 2; level >= 0; level--)
        {
            _blocks.Add(new ConvolutionBlock(
                $"{level}",
                filters[level + 1] + filters[level],
                filters[level],
                options.ConvolutionsPerBlock,
                pools: false,
                options.BatchNormalization,
                options.NormalizesEachImage));
        }

        OutputChannels = filters[0];
        register_module("blocks", ModuleGroup.Numbered(_blocks));
    }

    /// <inheritdoc/>
    public override int OutputChannels { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<nn.Module> Blocks => _blocks;

    /// <inheritdoc/>
    protected override Tensor DecodePadded(Tensor[] levels)
    {
        using var scope = NewDisposeScope();
        var x = levels[^1];
        for (var i = 0; i < _blocks.Count; i++)
        {
            var doubled = nn.functional.interpolate(x, scale_factor: Doubled, mode: InterpolationMode.Bilinear, align_corners: true);
            x = _blocks[i].call(cat([doubled, levels[^(i + 2)]], 1));
        }

        return x.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override OnnxValue ExportPadded(OnnxGraph graph, IReadOnlyList<OnnxValue> levels)
    {
        var x = levels[^1];
        for (var i = 0; i < _blocks.Count; i++)
        {
            x = _blocks[i].Export(graph, graph.Concatenate(1, graph.Enlarge(x, interpolates: true), levels[^(i + 2)]));
        }

        return x;
    }
}
