using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Networks;
using AmbiSSL.Torch.Onnx;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>
/// Projection head of one annotator (D-Persona, Wu et al., CVPR 2024): convolutions over the image's features give a query, which attends
/// over prior codes; what it finds is the annotator's own code.
/// </summary>
internal sealed class ProjectionHead : nn.Module<Tensor, Tensor, Tensor>
{
    /// <summary>
    /// As the released code has them; its third block, of as many filters as the code has dimensions, is the query layer here.
    /// </summary>
    internal static readonly int[] Filters = [32, 16];

    private readonly List<ConvolutionBlock> _blocks = [];
    private readonly ImageConvolution _query;

    /// <param name="featureChannels">Channels F of the features.</param>
    /// <param name="dimensions">Latent dimensions D.</param>
    public ProjectionHead(int featureChannels, int dimensions)
        : base(NativeModule.Create("ProjectionHead"), 0)
    {
        var channels = featureChannels;
        foreach (var filters in Filters)
        {
            _blocks.Add(new ConvolutionBlock($"{_blocks.Count}", channels, filters, convolutions: 2, pools: _blocks.Count > 0, normalizes: false));
            channels = filters;
        }

        _query = new ImageConvolution(channels, dimensions, 1);
        register_module("blocks", ModuleGroup.Numbered(_blocks));
        register_module("query", _query);
        Initialization.Apply(this);
    }

    /// <summary>The annotator's code [B, D] for features [B, F, H, W] among codes [B, V, D].</summary>
    public override Tensor forward(Tensor features, Tensor codes)
    {
        using var scope = NewDisposeScope();
        var x = features;
        foreach (var block in _blocks)
        {
            x = block.call(x);
        }

        return Attend(_query.InFull(x.mean([2, 3], keepdim: true, _query.Weight.dtype)).flatten(1), codes).MoveToOuterDisposeScope();
    }

    /// <summary>Mean [B, D] of codes [B, V, D], weighted by the softmax of their products with a query [B, D].</summary>
    public static Tensor Attend(Tensor query, Tensor codes)
    {
        using var scope = NewDisposeScope();
        var weights = codes.matmul(query.unsqueeze(-1)).softmax(1);
        return (weights * codes).sum(1).MoveToOuterDisposeScope();
    }

    /// <summary>Writes the head to a graph: the annotator's code [B, 1, D] for features [B, F, H, W] among codes [B, V, D].</summary>
    public OnnxValue Export(OnnxGraph graph, OnnxValue features, OnnxValue codes)
    {
        var x = _blocks.Aggregate(features, (value, block) => block.Export(graph, value));
        var query = graph.Squeeze(_query.Export(graph, graph.Mean(x, [2, 3], keepsAxes: true)), 3);
        var weights = graph.Apply("Softmax", [graph.MatrixMultiply(codes, query)], ("axis", 1L));
        return graph.MatrixMultiply(graph.Apply("Transpose", [weights], ("perm", (long[])[0, 2, 1])), codes);
    }

    /// <summary>Nothing: all is registered under the names that weight files have, and fields would be second names of the same.</summary>
    protected override void RegisterComponents()
    {
    }
}
