using System.Text.Json.Serialization;
using AmbiSSL.Torch.Methods;

namespace AmbiSSL;

/// <summary>
/// Options of self-training, Baseline I of section 4.3 (Lee, <i>Pseudo-Label</i>, ICML workshop 2013): one network learns its own
/// pseudo-labels where it is sure of them.
/// </summary>
public sealed record SelfTrainingOptions : SemiSupervisedOptions
{
    /// <summary>The method's word.</summary>
    public const string Word = "self-training";

    /// <inheritdoc/>
    [JsonIgnore]
    public override string MethodName => Word;

    /// <summary>
    /// A pixel of a pseudo-label counts where the probability of its class is at least this. From 0.5, where every pixel counts, to 1.
    /// </summary>
    /// <value>
    /// The default value is 0.95. Section 4.3 asks for a set threshold without its number, and Lee has none; this is that of FixMatch
    /// (Sohn et al., NeurIPS 2020), which Baseline III uses too.
    /// </value>
    public double ConfidenceThreshold { get; init; } = 0.95;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        RequireConfidence(ConfidenceThreshold, nameof(ConfidenceThreshold));
    }

    /// <inheritdoc/>
    internal override SegmentationMethod CreateMethod(ImageShape shape, int annotators, MaskClasses classes) =>
        new SelfTrainingMethod(this, shape, annotators, classes);
}
