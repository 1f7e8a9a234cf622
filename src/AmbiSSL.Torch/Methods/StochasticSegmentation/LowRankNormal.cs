using AmbiSSL.Torch.Foundation;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>
/// A normal distribution over the logits of an image's pixels, N(μ, P Pᵀ + diag v). Planes of several classes lie one below the other: H is then the
/// height of all together. Results belong to the caller's dispose scope.
/// </summary>
/// <param name="Mean">μ, [B, H, W].</param>
/// <param name="Factors">P, [B, R, H, W].</param>
/// <param name="Variance">v, [B, H, W], positive.</param>
internal sealed record LowRankNormal(Tensor Mean, Tensor Factors, Tensor Variance)
{
    /// <summary>How far samples [B, N, H, W] are from the mean, P z + √v ε, for standard normal z [B, N, R] and ε [B, N, H, W].</summary>
    public Tensor Deviations(Tensor together, Tensor single)
    {
        using var scope = NewDisposeScope();
        var low = together.bmm(Factors.flatten(2)).unflatten(2, Factors.shape[2], Factors.shape[3]);
        return low.Plus(Variance.sqrt().unsqueeze(1) * single).MoveToOuterDisposeScope();
    }
}
