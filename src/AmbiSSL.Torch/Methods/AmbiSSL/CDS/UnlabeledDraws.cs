using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Latent;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>What is random in the unlabeled half of a step.</summary>
/// <param name="PseudoLabels">Noise [A, B, D] of the prior codes of the pseudo-label sets.</param>
/// <param name="Posterior">Noise [B, D] of the posterior code of each pruned decoder.</param>
/// <param name="Taught">For each pruned decoder the index [B] of its pseudo-label that another decoder learns.</param>
internal sealed record UnlabeledDraws(Tensor PseudoLabels, IReadOnlyList<Tensor> Posterior, IReadOnlyList<Tensor> Taught)
{
    public static UnlabeledDraws Draw(
        LatentFamily family, long batch, int annotators, int dimensions, int prunedDecoders, IRandomTensors random)
    {
        Tensor Noise(params long[] shape) => random.Draw(generator => family.Noise(shape, generator));
        Tensor Index() => random.Draw(generator => randint(0, annotators, [batch], generator: generator));
        return new UnlabeledDraws(
            Noise(annotators, batch, dimensions),
            [.. Enumerable.Range(0, prunedDecoders).Select(_ => Noise(batch, dimensions))],
            [.. Enumerable.Range(0, prunedDecoders).Select(_ => Index())]);
    }
}
