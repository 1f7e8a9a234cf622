using AmbiSSL.Torch.Runtime;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>What is random in the labelled half of a step.</summary>
/// <param name="Posterior">Normal noise [B, D] of the posterior code.</param>
/// <param name="Prior">Normal noise [S, B, D] of the prior codes of the bound loss; S is 0 where there is none.</param>
/// <param name="Annotation">Index [B] of the annotation that is the target of each image.</param>
internal sealed record LabeledDraws(Tensor Posterior, Tensor Prior, Tensor Annotation)
{
    public static LabeledDraws Draw(long batch, int annotators, int dimensions, int boundSamples, Generator generator, Device device) => new(
        LatentDistribution.DrawNoise(LatentFamily.Normal, [batch, dimensions], generator, device),
        LatentDistribution.DrawNoise(LatentFamily.Normal, [boundSamples, batch, dimensions], generator, device),
        randint(0, annotators, [batch], generator: generator).ToDevice(device));
}
