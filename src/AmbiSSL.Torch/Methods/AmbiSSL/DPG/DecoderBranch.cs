using AmbiSSL.Torch.Networks;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>A decoder of AmbiSSL with a segmentation head of its own.</summary>
/// <param name="Name">As weights and loss terms name it.</param>
/// <param name="Decoder">D^d.</param>
/// <param name="Head">F^seg.</param>
/// <param name="View">The view of unlabeled images that it learns on; null for theta, which learns from labeled images alone.</param>
internal sealed record DecoderBranch(string Name, FeatureDecoder Decoder, SegmentationHead Head, UnlabeledView? View)
{
    /// <summary>What the names of its loss terms end in.</summary>
    public string Suffix => $"_{Name}";

    /// <summary>Becomes a pruned copy of another branch, head included (eq. 7, 8); from then on it learns on its own.</summary>
    /// <param name="source">The branch that is copied.</param>
    /// <param name="fromBlock">Threshold layer L.</param>
    /// <param name="keepFraction">Share a of the weights that Top a keeps.</param>
    /// <param name="generator">Source of randomness.</param>
    public void PruneFrom(DecoderBranch source, int fromBlock, double keepFraction, Generator generator)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        Copy(source.Head, Head);
        Copy(source.Decoder, Decoder);
        foreach (var weight in DecoderPruning.PrunedWeights(Decoder, fromBlock))
        {
            weight.mul_(DecoderPruning.DrawKeepMask(weight, keepFraction, generator));
        }
    }

    private static void Copy(nn.Module source, nn.Module target)
    {
        foreach (var (from, to) in source.parameters().Zip(target.parameters()))
        {
            to.copy_(from);
        }

        foreach (var (from, to) in source.buffers().Zip(target.buffers()))
        {
            to.copy_(from);
        }
    }
}
