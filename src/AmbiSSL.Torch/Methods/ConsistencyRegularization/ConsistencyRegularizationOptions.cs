using System.Text.Json.Serialization;
using AmbiSSL.Torch.Methods;

namespace AmbiSSL;

/// <summary>
/// Options of consistency regularization, Baseline III of section 4.3 (Sohn et al., <i>FixMatch</i>, NeurIPS 2020): the network's masks of
/// the strong view learn its confident hard labels of the weak one.
/// </summary>
public sealed record ConsistencyRegularizationOptions : SemiSupervisedOptions
{
    /// <summary>The method's word.</summary>
    public const string Word = "consistency";

    /// <inheritdoc/>
    [JsonIgnore]
    public override string MethodName => Word;

    /// <summary>
    /// A pixel of a pseudo-label counts where the probability of its class is at least this, τ of FixMatch. From 0.5, where every pixel
    /// counts, to 1.
    /// </summary>
    /// <value>The default value is 0.95, as in FixMatch.</value>
    public double ConfidenceThreshold { get; init; } = 0.95;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        RequireConfidence(ConfidenceThreshold, nameof(ConfidenceThreshold));
    }

    /// <inheritdoc/>
    internal override SegmentationMethod CreateMethod(ImageShape shape, int annotators, MaskClasses classes) =>
        new ConsistencyRegularizationMethod(this, shape, annotators, classes);
}
