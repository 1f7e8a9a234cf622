using AmbiSSL.Torch.Foundation;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Latent;

/// <summary>A batch of diagonal distributions over latent codes.</summary>
/// <param name="Family">Normal or Laplace.</param>
/// <param name="Location">[B, D].</param>
/// <param name="LogScale">[B, D], natural logarithm of the family's scale.</param>
internal sealed record LatentDistribution(LatentFamily Family, Tensor Location, Tensor LogScale)
{
    /// <summary>Reparameterized codes for the family's noise, of its shape [..., B, D] (section 3.3).</summary>
    public Tensor Codes(Tensor noise)
    {
        using var scope = NewDisposeScope();
        return Location.Plus(LogScale.exp() * Family.Standard(noise)).MoveToOuterDisposeScope();
    }

    /// <summary>The same distributions without gradient.</summary>
    public LatentDistribution Detach() => this with { Location = Location.detach(), LogScale = LogScale.detach() };

    /// <summary>
    /// KL(this ‖ prior), mean over the batch (eq. 4-6): of the posterior from the prior, as all public code has it; the paper prints the two in
    /// the other order.
    /// </summary>
    public Tensor DivergenceFrom(LatentDistribution prior)
    {
        using var scope = NewDisposeScope();
        return Family.Divergence(Location, LogScale, prior.Location, prior.LogScale).mean().MoveToOuterDisposeScope();
    }
}
