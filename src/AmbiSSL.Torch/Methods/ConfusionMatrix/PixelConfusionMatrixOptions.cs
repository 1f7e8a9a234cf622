using System.Text.Json.Serialization;
using AmbiSSL.Torch.Methods;

namespace AmbiSSL;

/// <summary>
/// Options of confusion matrices that each pixel has of its own, predicted from the image for each annotator (Zhang et al.,
/// <i>Disentangling Human Error from the Ground Truth in Segmentation of Medical Images</i>, NeurIPS 2020).
/// </summary>
/// <inheritdoc cref="ConfusionMatrixOptions" path="/remarks"/>
public sealed record PixelConfusionMatrixOptions : ConfusionMatrixOptions
{
    /// <summary>The method's word.</summary>
    public const string Word = "cm-pixel";

    /// <summary>Makes the default options.</summary>
    public PixelConfusionMatrixOptions() => TraceWeight = 0.1;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string MethodName => Word;

    /// <inheritdoc/>
    internal override SegmentationMethod CreateMethod(ImageShape shape, int annotators, MaskClasses classes) =>
        new PixelConfusionMatrixMethod(this, shape, annotators, classes);
}
