using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Losses;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>The pseudo-label sets of all decoders for one batch, without gradient (eq. 9-13).</summary>
/// <param name="Logits">[B, A, H, W] of each decoder, theta first.</param>
internal sealed record PseudoLabelSets(IReadOnlyList<Tensor> Logits)
{
    /// <summary>The hard masks of one decoder.</summary>
    public Tensor Hard(int decoder) => MaskSets.Harden(Logits[decoder]);

    /// <summary>The ensemble of one decoder and theta (eq. 12, 13): where the mean of their probabilities is above one half.</summary>
    public Tensor WithTheta(int decoder)
    {
        using var scope = NewDisposeScope();
        return Logits[decoder].sigmoid().Plus(Logits[0].sigmoid()).Over(2).IsAbove(0.5).to(Logits[0].dtype).MoveToOuterDisposeScope();
    }

    /// <summary>Where the mean of all decoders' probabilities is above one half.</summary>
    public Tensor Majority()
    {
        using var scope = NewDisposeScope();
        var sum = Logits.Skip(1).Aggregate(Logits[0].sigmoid(), (sum, logits) => sum.Plus(logits.sigmoid()));
        return sum.IsAbove(Logits.Count / 2.0).to(Logits[0].dtype).MoveToOuterDisposeScope();
    }
}
