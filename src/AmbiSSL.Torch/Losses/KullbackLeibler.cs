using AmbiSSL.Torch.Foundation;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Losses;

/// <summary>Closed-form Kullback-Leibler divergences of diagonal distributions (eq. 4-6), summed over the latent dimensions.</summary>
internal static class KullbackLeibler
{
    /// <summary>KL(1 ‖ 2) of normal distributions, [B].</summary>
    public static Tensor Normal(Tensor location1, Tensor logScale1, Tensor location2, Tensor logScale2)
    {
        using var scope = NewDisposeScope();
        var varianceRatio = (logScale1 - logScale2).Times(2).exp();
        var distance = ((location1 - location2) / logScale2.exp()).Squared();
        return (varianceRatio.Plus(distance).Minus(1).Times(0.5).Plus(logScale2) - logScale1).sum(-1).MoveToOuterDisposeScope();
    }

    /// <summary>KL(1 ‖ 2) of Laplace distributions, [B].</summary>
    public static Tensor Laplace(Tensor location1, Tensor logScale1, Tensor location2, Tensor logScale2)
    {
        using var scope = NewDisposeScope();
        var distance = (location1 - location2).abs();
        var spread = (logScale1 - (distance / logScale1.exp())).exp();
        return ((spread.Plus(distance) / logScale2.exp()).Plus(logScale2) - logScale1).Minus(1).sum(-1).MoveToOuterDisposeScope();
    }
}
