using System.Text.Json.Serialization;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;

namespace AmbiSSL;

/// <summary>
/// Options of global confusion matrices: one matrix for each annotator, the same at every pixel (Tanno et al., <i>Learning From Noisy
/// Labels By Regularized Estimation Of Annotator Confusion</i>, CVPR 2019).
/// </summary>
/// <inheritdoc cref="ConfusionMatrixOptions" path="/remarks"/>
public sealed record GlobalConfusionMatrixOptions : ConfusionMatrixOptions
{
    /// <summary>The method's word.</summary>
    public const string Word = "cm-global";

    /// <summary>Makes the default options.</summary>
    public GlobalConfusionMatrixOptions() => TraceWeight = 0.01;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string MethodName => Word;

    /// <summary>
    /// Initial learning rate of the matrices, taken to zero by the same cosine as the networks'. At the networks' own rate the few numbers
    /// of a matrix would hardly leave their start. Positive.
    /// </summary>
    /// <value>The default value is 0.01.</value>
    public double MatrixLearningRate { get; init; } = 0.01;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        OptionRange.RequirePositive(MatrixLearningRate, nameof(MatrixLearningRate));
    }

    /// <inheritdoc/>
    internal override SegmentationMethod CreateMethod(ImageShape shape, int annotators, MaskClasses classes) =>
        new GlobalConfusionMatrixMethod(this, shape, annotators, classes);
}
