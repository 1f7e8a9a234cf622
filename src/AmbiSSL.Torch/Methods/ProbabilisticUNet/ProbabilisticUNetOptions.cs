using System.Text.Json.Serialization;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;

namespace AmbiSSL;

/// <summary>
/// Options of the probabilistic U-Net (Kohl et al., <i>A Probabilistic U-Net for Segmentation of Ambiguous Images</i>, NeurIPS 2018). It
/// learns from labeled images alone.
/// </summary>
public sealed record ProbabilisticUNetOptions : LatentSegmentationOptions
{
    /// <summary>The method's word.</summary>
    public const string Word = "prob-unet";

    /// <inheritdoc/>
    [JsonIgnore]
    public override string MethodName => Word;

    /// <summary>Weight β of the Kullback-Leibler term (eq. 4 of Kohl et al.). Not negative.</summary>
    /// <value>The default value is 1, as D-Persona's released code has it where it compares with this method.</value>
    public double KullbackLeiblerWeight { get; init; } = 1;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        OptionRange.RequireNotNegative(KullbackLeiblerWeight, nameof(KullbackLeiblerWeight));
    }

    /// <inheritdoc/>
    internal override SegmentationMethod CreateMethod(ImageShape shape, int annotators, MaskClasses classes) =>
        new ProbabilisticUNetMethod(this, shape, classes);
}
