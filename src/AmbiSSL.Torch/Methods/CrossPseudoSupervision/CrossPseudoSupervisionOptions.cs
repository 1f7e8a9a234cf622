using System.Text.Json.Serialization;
using AmbiSSL.Torch.Methods;

namespace AmbiSSL;

/// <summary>
/// Options of cross pseudo supervision, Baseline II of section 4.3 (Chen et al., <i>Semi-Supervised Semantic Segmentation with Cross Pseudo
/// Supervision</i>, CVPR 2021): two networks over one latent space, each of which learns the other's hard labels, every pixel of them, as
/// the original has no threshold. The first network predicts.
/// </summary>
public sealed record CrossPseudoSupervisionOptions : SemiSupervisedOptions
{
    /// <summary>The method's word.</summary>
    public const string Word = "cross-pseudo";

    /// <inheritdoc/>
    [JsonIgnore]
    public override string MethodName => Word;

    /// <inheritdoc/>
    internal override SegmentationMethod CreateMethod(ImageShape shape, int annotators, MaskClasses classes) =>
        new CrossPseudoSupervisionMethod(this, shape, annotators, classes);
}
