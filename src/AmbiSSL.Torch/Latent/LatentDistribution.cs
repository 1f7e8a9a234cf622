using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Losses;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Latent;

/// <summary>A batch of diagonal distributions over latent codes.</summary>
/// <param name="Family">Normal or Laplace.</param>
/// <param name="Location">[B, D].</param>
/// <param name="LogScale">[B, D], natural logarithm of the standard deviation or of the Laplace scale b.</param>
internal sealed record LatentDistribution(LatentFamily Family, Tensor Location, Tensor LogScale)
{
    /// <summary>Draws standard noise for <see cref="Sample"/>: N(0, 1), or uniform on (-1, 1) for the Laplace family.</summary>
    public static Tensor DrawNoise(LatentFamily family, long[] shape, Generator generator, Device device)
    {
        using var scope = NewDisposeScope();
        var noise = family == LatentFamily.Normal
            ? randn(shape, generator: generator)
            : rand(shape, ScalarType.Float64, generator: generator).Times(2).Minus(1).Within(-1 + 1e-7, 1 - 1e-7).to(ScalarType.Float32);
        return noise.ToDevice(device).MoveToOuterDisposeScope();
    }

    /// <summary>Reparameterised codes for noise of the shape [..., B, D].</summary>
    public Tensor Sample(Tensor noise)
    {
        using var scope = NewDisposeScope();
        var standard = Family == LatentFamily.Normal ? noise : -noise.sign() * (-noise.abs()).log1p();
        return Location.Plus(LogScale.exp() * standard).MoveToOuterDisposeScope();
    }

    /// <summary>The same distributions without gradient.</summary>
    public LatentDistribution Detach() => this with { Location = Location.detach(), LogScale = LogScale.detach() };

    /// <summary>Mean over the batch of the divergence between posterior and prior in the given direction (eq. 4-6).</summary>
    public static Tensor Divergence(LatentDistribution posterior, LatentDistribution prior, KlDirection direction)
    {
        using var scope = NewDisposeScope();
        var (first, second) = direction == KlDirection.PosteriorToPrior ? (posterior, prior) : (prior, posterior);
        Func<Tensor, Tensor, Tensor, Tensor, Tensor> divergence = posterior.Family == LatentFamily.Normal
            ? KullbackLeibler.Normal
            : KullbackLeibler.Laplace;
        return divergence(first.Location, first.LogScale, second.Location, second.LogScale).mean().MoveToOuterDisposeScope();
    }
}
