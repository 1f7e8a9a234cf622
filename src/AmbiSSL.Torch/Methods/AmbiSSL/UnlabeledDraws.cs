using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Latent;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>What is random in the unlabeled half of a step; noise is uniform on (-1, 1).</summary>
/// <param name="PseudoLabels">[A, B, D], of the prior codes of the pseudo-label sets.</param>
/// <param name="PosteriorPhi">[B, D], of the posterior code for phi.</param>
/// <param name="PosteriorXi">[B, D], of the posterior code for xi.</param>
/// <param name="TargetFromPhi">Index [B] of phi's pseudo-label that xi learns from.</param>
/// <param name="TargetFromXi">Index [B] of xi's pseudo-label that phi learns from.</param>
internal sealed record UnlabeledDraws(
    Tensor PseudoLabels, Tensor PosteriorPhi, Tensor PosteriorXi, Tensor TargetFromPhi, Tensor TargetFromXi)
{
    public static UnlabeledDraws Draw(long batch, int annotators, AmbiSSLOptions options, Generator generator, Device device)
    {
        Tensor Noise(params long[] shape) => LatentDistribution.DrawNoise(LatentFamily.Laplace, shape, generator, device);
        Tensor Index() => randint(0, annotators, [batch], generator: generator).ToDevice(device);
        var dimensions = options.LatentDimensions;
        return new UnlabeledDraws(
            Noise(annotators, batch, dimensions), Noise(batch, dimensions), Noise(batch, dimensions), Index(), Index());
    }
}
