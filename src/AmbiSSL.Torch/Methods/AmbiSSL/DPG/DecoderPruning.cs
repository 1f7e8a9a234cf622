using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>The pruning transformation that makes the decoders phi and xi from theta (eq. 7, 8).</summary>
/// <remarks>
/// M ⊙ W + (1 - M) ⊙ λ(W) only ever keeps a weight or sets it to zero, so it is W ⊙ K with a keep-mask K of zeros and ones.
/// </remarks>
internal static class DecoderPruning
{
    // The paper gives neither. With q_k = 1 and M_k = 0 all pruned decoders would start as one.
    private const double PruneProbability = 0.5;
    private const double ExemptProbability = 0.5;

    /// <summary>The convolution weights in blocks from the threshold layer on, in order.</summary>
    public static IEnumerable<Parameter> PrunedWeights(FeatureDecoder decoder, int fromBlock) =>
        decoder.Blocks.Skip(fromBlock).SelectMany(block => block.modules()).OfType<ImageConvolution>().Select(convolution => convolution.Weight);

    /// <summary>Draws the keep-mask K of one layer: its M_k (eq. 7) and its coin q_k (eq. 8).</summary>
    /// <param name="weight">W_k.</param>
    /// <param name="keepFraction">Share a of the weights that Top a keeps.</param>
    /// <param name="generator">Source of randomness.</param>
    public static Tensor DrawKeepMask(Tensor weight, double keepFraction, Generator generator)
    {
        using var scope = NewDisposeScope();
        var coin = rand(1, generator: generator).item<float>() < PruneProbability;
        var exempt = rand(weight.shape, generator: generator).IsBelow(ExemptProbability).ToDevice(weight.device);
        return KeepMask(weight, exempt, coin, keepFraction).MoveToOuterDisposeScope();
    }

    /// <summary>The keep-mask K for given draws, in the weight's type.</summary>
    /// <param name="weight">W_k.</param>
    /// <param name="exempt">M_k: true exempts a weight from pruning.</param>
    /// <param name="coin">Whether the layer is pruned at all.</param>
    /// <param name="keepFraction">Share a of the weights that Top a keeps.</param>
    public static Tensor KeepMask(Tensor weight, Tensor exempt, bool coin, double keepFraction)
    {
        using var scope = NewDisposeScope();
        var keep = coin ? exempt.logical_or(TopMask(weight, keepFraction)) : ones_like(exempt);
        return keep.to(weight.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>Top a of eq. 8: true for that share of the weights, largest magnitudes first, ties by lowest index; the count rounds half up.</summary>
    public static Tensor TopMask(Tensor weight, double keepFraction)
    {
        using var scope = NewDisposeScope();
        var count = (long)Math.Floor((keepFraction * weight.numel()) + 0.5 + 1e-9);
        var (_, order) = weight.detach().abs().flatten().sort(0, descending: true, stable: true);
        var mask = zeros(weight.numel(), dtype: ScalarType.Bool, device: weight.device);
        using var kept = true.ToScalar();
        mask.index_fill_(0, order.narrow(0, 0, count), kept);
        return mask.view(weight.shape).MoveToOuterDisposeScope();
    }
}
