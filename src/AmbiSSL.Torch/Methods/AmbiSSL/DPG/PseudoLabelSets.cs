using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Networks;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>The pseudo-label sets of all decoders for one batch, without gradient (eq. 9-13).</summary>
/// <param name="Activation">What logits are.</param>
/// <param name="Logits">[B, A, K, H, W] of each decoder, theta first.</param>
internal sealed record PseudoLabelSets(ClassActivation Activation, IReadOnlyList<Tensor> Logits)
{
    /// <summary>The hard masks of one decoder.</summary>
    public Tensor Hard(int decoder) => Activation.HardenLogits(Logits[decoder]);

    /// <summary>The ensemble of one decoder and theta (eq. 12, 13): the mask of the mean of their probabilities.</summary>
    public Tensor WithTheta(int decoder) => OfMean([Logits[decoder], Logits[0]]);

    /// <summary>The mask of the mean of all decoders' probabilities.</summary>
    public Tensor Majority() => OfMean(Logits);

    private Tensor OfMean(IReadOnlyList<Tensor> logits)
    {
        using var scope = NewDisposeScope();
        var sum = logits.Skip(1).Aggregate(logits[0].sigmoid(), (sum, others) => sum.Plus(others.sigmoid()));
        return Activation.Harden(sum, logits.Count).to(sum.dtype).MoveToOuterDisposeScope();
    }
}
