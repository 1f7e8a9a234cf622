using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Latent;
using AmbiSSL.Torch.Losses;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>What is random in the labeled half of a step.</summary>
/// <param name="Posterior">Normal noise [B, D] of the posterior code.</param>
/// <param name="Prior">Normal noise [S, B, D] of the prior codes of the bound loss; S is 0 where there is none.</param>
/// <param name="Annotation">Index [B] of the annotation that is the target of each image.</param>
/// <param name="Energy">Normal noise [S, B, D] of the prior codes of the energy distance; <see langword="null"/> where there is none.</param>
/// <param name="EnergyShare">Not random: the share of its weight that the energy distance has at the step.</param>
internal sealed record LabeledDraws(Tensor Posterior, Tensor Prior, Tensor Annotation, Tensor? Energy = null, double EnergyShare = 1)
{
    public static LabeledDraws Draw(TrainingBatch labeled, int dimensions, int boundSamples, int energySamples, IRandomTensors random)
    {
        var batch = labeled.Annotations.shape[0];
        Tensor Noise(params long[] shape) => random.Draw(generator => LatentFamily.Normal.Noise(shape, generator));
        return new(
            Noise(batch, dimensions),
            Noise(boundSamples, batch, dimensions),
            MaskSets.Draw(labeled.Annotations, labeled.Own, random),
            energySamples == 0 ? null : Noise(energySamples, batch, dimensions));
    }
}
