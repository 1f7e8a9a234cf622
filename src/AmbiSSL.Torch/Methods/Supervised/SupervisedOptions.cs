using System.Text.Json.Serialization;
using AmbiSSL.Torch.Methods;

namespace AmbiSSL;

/// <summary>
/// Options of the supervised half of AmbiSSL alone (eq. 14): one decoder that learns from labeled images; unlabeled ones only set the length of
/// an epoch. With all images labeled it is the upper bound of the paper's tables, with few the baseline that unlabeled images must beat.
/// </summary>
public sealed record SupervisedOptions : SupervisedLossOptions
{
    /// <summary>The method's word.</summary>
    public const string Word = "supervised";

    /// <inheritdoc/>
    [JsonIgnore]
    public override string MethodName => Word;

    /// <inheritdoc/>
    internal override SegmentationMethod CreateMethod(ImageShape shape, int annotators, MaskClasses classes) =>
        new SupervisedMethod(this, shape, annotators, classes);
}
