using System.Globalization;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Networks;
using AmbiSSL.Torch.Onnx;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Latent;

/// <summary>
/// Prior or posterior encoder (eq. 1-3): convolution blocks, mean over space, a 1x1 convolution to location and logarithm of the scale
/// of a diagonal distribution. The posterior sees the masks as further channels after the image's.
/// </summary>
internal sealed class LatentEncoder : nn.Module<Tensor, (Tensor Location, Tensor LogScale)>
{
    private readonly List<ConvolutionBlock> _blocks = [];
    private readonly ImageConvolution _head;
    private readonly int _dimensions;

    /// <param name="name">Name of the module.</param>
    /// <param name="channels">Channels of the image and, for the posterior, the masks.</param>
    /// <param name="sizes">Filters, convolutions and latent dimensions D.</param>
    public LatentEncoder(string name, int channels, LatentSizes sizes)
        : base(NativeModule.Create(name), 0)
    {
        _dimensions = sizes.Dimensions;
        var encoder = new ModuleGroup("encoder");
        var position = 0;
        for (var i = 0; i < sizes.Filters.Count; i++)
        {
            var block = new ConvolutionBlock(
                $"{i}", i == 0 ? channels : sizes.Filters[i - 1], sizes.Filters[i], sizes.ConvolutionsPerBlock, pools: i > 0, normalizes: false);
            foreach (var (layerName, layer) in block.Layers)
            {
                encoder.Add($"{position + int.Parse(layerName, CultureInfo.InvariantCulture)}", layer);
            }

            position += block.PositionCount;
            _blocks.Add(block);
        }

        _head = new ImageConvolution(sizes.Filters[^1], 2 * sizes.Dimensions, 1);
        register_module("encoder", encoder);
        register_module("head", _head);
        Initialization.Apply(this, seesImages: true);
    }

    /// <summary>[B, C, H, W] to location [B, D] and logarithm of scale [B, D].</summary>
    public override (Tensor Location, Tensor LogScale) forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = input;
        foreach (var block in _blocks)
        {
            x = block.call(x);
        }

        x = _head.InFull(x.mean([2, 3], keepdim: true, _head.Weight.dtype)).flatten(1);
        return (x.narrow(1, 0, _dimensions).MoveToOuterDisposeScope(), x.narrow(1, _dimensions, _dimensions).MoveToOuterDisposeScope());
    }

    /// <summary>Writes the encoder to a graph: location and logarithm of scale, [B, 1, D] each.</summary>
    public (OnnxValue Location, OnnxValue LogScale) Export(OnnxGraph graph, OnnxValue input)
    {
        var x = _blocks.Aggregate(input, (value, block) => block.Export(graph, value));
        var numbers = _head.Export(graph, graph.Mean(x, [2, 3], keepsAxes: true));
        var rows = graph.Unsqueeze(graph.Squeeze(numbers, 2, 3), 1);
        return (graph.Slice(rows, 2, 0, _dimensions), graph.Slice(rows, 2, _dimensions));
    }

    /// <summary>
    /// Nothing: all is registered under the names that weight files have, and fields would be second names of the same (dotnet/TorchSharp
    /// issue 1272: a module that is registered registers its fields).
    /// </summary>
    protected override void RegisterComponents()
    {
    }
}
