using System.Text.Json.Serialization;
using AmbiSSL.Torch.Foundation;

namespace AmbiSSL;

/// <summary>
/// What the two confusion-matrix methods share. Both learn from labeled images alone; unlabeled ones only set the length of an epoch.
/// </summary>
/// <remarks>
/// Sampled masks are the annotators' in turn: sample n is annotator n modulo A, so that samples beyond the number of annotators A repeat
/// the first ones.
/// </remarks>
public abstract record ConfusionMatrixOptions : SegmentationOptions
{
    /// <summary>
    /// Weight of the mean trace of the matrices, which is minimized beside the cross-entropy: of all matrices that explain the annotations,
    /// the least reliable annotators are preferred. Not negative.
    /// </summary>
    /// <value>
    /// The default value is 0.01 for global matrices (Tanno et al. 2019) and 0.1 for those of pixels (the public code of Zhang et al. 2020).
    /// </value>
    public double TraceWeight { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool KnowsAnnotators => true;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        OptionRange.RequireNotNegative(TraceWeight, nameof(TraceWeight));
    }
}
