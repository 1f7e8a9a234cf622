using AmbiSSL.Torch.Foundation;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Latent;

/// <summary>Normal distributions; the scale is the standard deviation, and noise is N(0, 1).</summary>
internal sealed class NormalFamily : LatentFamily
{
    /// <inheritdoc/>
    public override Tensor Noise(long[] shape, Generator generator) => randn(shape, generator: generator);

    /// <inheritdoc/>
    public override Tensor Standard(Tensor noise) => noise;

    /// <inheritdoc/>
    public override Tensor Divergence(Tensor location1, Tensor logScale1, Tensor location2, Tensor logScale2)
    {
        using var scope = NewDisposeScope();
        var varianceRatio = (logScale1 - logScale2).Times(2).exp();
        var distance = ((location1 - location2) / logScale2.exp()).Squared();
        return (varianceRatio.Plus(distance).Minus(1).Times(0.5).Plus(logScale2) - logScale1).sum(-1).MoveToOuterDisposeScope();
    }
}
