using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Networks;
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

    /// <summary>The annotator's code [B, D] for features [B, F, H, W] among codes [B, K, D].</summary>
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

    /// <summary>Mean [B, D] of codes [B, K, D], weighted by the softmax of their products with a query [B, D].</summary>
    public static Tensor Attend(Tensor query, Tensor codes)
    {
        using var scope = NewDisposeScope();
        var weights = codes.matmul(query.unsqueeze(-1)).softmax(1);
        return (weights * codes).sum(1).MoveToOuterDisposeScope();
    }

    /// <summary>Nothing: all is registered under the names that weight files have, and fields would be second names of the same.</summary>
    protected override void RegisterComponents()
    {
    }
}
