using AmbiSSL.Torch.Foundation;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Latent;

/// <summary>Laplace distributions; the scale is b, and noise is uniform on (-1, 1).</summary>
internal sealed class LaplaceFamily : LatentFamily
{
    /// <inheritdoc/>
    public override Tensor Noise(long[] shape, Generator generator)
    {
        using var scope = NewDisposeScope();
        return rand(shape, ScalarType.Float64, generator: generator).Times(2).Minus(1).Within(-1 + 1e-7, 1 - 1e-7).to(ScalarType.Float32)
            .MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Standard(Tensor noise)
    {
        using var scope = NewDisposeScope();
        return (-noise.sign() * (-noise.abs()).log1p()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Divergence(Tensor location1, Tensor logScale1, Tensor location2, Tensor logScale2)
    {
        using var scope = NewDisposeScope();
        var distance = (location1 - location2).abs();
        var spread = (logScale1 - (distance / logScale1.exp())).exp();
        return ((spread.Plus(distance) / logScale2.exp()).Plus(logScale2) - logScale1).Minus(1).sum(-1).MoveToOuterDisposeScope();
    }
}
