using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Losses;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>The pseudo-label sets of the three decoders for one batch, without gradient (eq. 9-13).</summary>
internal sealed class PseudoLabelSets
{
    private readonly EnsembleRule _rule;

    /// <param name="rule">How two sets are joined.</param>
    /// <param name="theta">Logits [B, A, H, W] of theta (eq. 9).</param>
    /// <param name="phi">Logits [B, A, H, W] of phi (eq. 10).</param>
    /// <param name="xi">Logits [B, A, H, W] of xi (eq. 11).</param>
    public PseudoLabelSets(EnsembleRule rule, Tensor theta, Tensor phi, Tensor xi)
    {
        _rule = rule;
        Theta = theta;
        Phi = phi;
        Xi = xi;
    }

    /// <summary>Logits of theta, [B, A, H, W].</summary>
    public Tensor Theta { get; }

    /// <summary>Logits of phi, [B, A, H, W].</summary>
    public Tensor Phi { get; }

    /// <summary>Logits of xi, [B, A, H, W].</summary>
    public Tensor Xi { get; }

    /// <summary>The ensemble of phi and theta (eq. 12).</summary>
    public Tensor PhiWithTheta() => Ensemble(_rule, Phi, Theta);

    /// <summary>The ensemble of xi and theta (eq. 13).</summary>
    public Tensor XiWithTheta() => Ensemble(_rule, Xi, Theta);

    /// <summary>The mean of the three decoders' probabilities, hardened.</summary>
    public Tensor Majority()
    {
        using var scope = NewDisposeScope();
        return Theta.sigmoid().Plus(Phi.sigmoid()).Plus(Xi.sigmoid()).IsAbove(1.5).to(Theta.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>Joins two sets of logits to masks or probabilities.</summary>
    public static Tensor Ensemble(EnsembleRule rule, Tensor first, Tensor second)
    {
        using var scope = NewDisposeScope();
        var joined = rule switch
        {
            EnsembleRule.MeanProbability => first.sigmoid().Plus(second.sigmoid()).Over(2).IsAbove(0.5).to(first.dtype),
            EnsembleRule.SoftMean => first.sigmoid().Plus(second.sigmoid()).Over(2),
            EnsembleRule.MeanLogit => MaskSets.Harden(first.Plus(second)),
            EnsembleRule.Union => MaskSets.Harden(first.maximum(second)),
            _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, "No such ensemble rule."),
        };
        return joined.MoveToOuterDisposeScope();
    }
}
