using System.Text.Json.Serialization;
using AmbiSSL.Torch.Data;

namespace AmbiSSL.Torch.Methods;

/// <summary>Options of AmbiSSL (Kumari and Singh, CVPR 2025). The defaults are the first reading of each gap in the paper.</summary>
public sealed record AmbiSSLOptions : SegmentationOptions
{
    /// <summary>The method's word.</summary>
    public const string Word = "ambissl";

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Method => Word;

    /// <summary>Weight of the labelled Kullback-Leibler term (eq. 14). Not negative.</summary>
    /// <value>The default value is 1.</value>
    public double AlphaLabeled { get; init; } = 1;

    /// <summary>Weight of the unlabeled Kullback-Leibler terms (eqs. 19, 20). Not negative.</summary>
    /// <value>The default value is 0.5 (Table 3).</value>
    public double AlphaUnlabeled { get; init; } = 0.5;

    /// <summary>Weight of the bound loss (eq. 14). Not negative.</summary>
    /// <value>The default value is 0.5.</value>
    public double Beta { get; init; } = 0.5;

    /// <summary>Prior codes drawn for the bound loss. At least 1.</summary>
    /// <value>The default value is 10.</value>
    public int BoundSamples { get; init; } = 10;

    /// <summary>Whether the three decoders share one segmentation head instead of each having its own (the subscripts of eqs. 9-11).</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool SharedHead { get; init; }

    /// <summary>Probability q_k that a layer keeps only its largest weights (eq. 8). From 0 to 1.</summary>
    /// <value>The default value is 0.5.</value>
    public double PruneProbability { get; init; } = 0.5;

    /// <summary>Probability that an entry of the mask M_k is 1, which exempts its weight from pruning (eq. 7). From 0 to 1.</summary>
    /// <value>The default value is 0.5.</value>
    public double PruneMaskProbability { get; init; } = 0.5;

    /// <summary>Share a of a layer's weights that pruning keeps, by magnitude (eq. 8). From 0 to 1.</summary>
    /// <value>The default value is 0.5 (Table 4).</value>
    public double KeepFraction { get; init; } = 0.5;

    /// <summary>Threshold layer L: the first decoder block that is pruned, counted from 0. Not negative.</summary>
    /// <value>The default value is 2, the third block (Table 4).</value>
    public int PruneFromBlock { get; init; } = 2;

    /// <summary>When the decoders phi and xi are pruned.</summary>
    /// <value>The default value is <see cref="PruneSchedule.Once"/>.</value>
    public PruneSchedule PruneSchedule { get; init; } = PruneSchedule.Once;

    /// <summary>Epochs in which theta alone learns from labelled images, before phi and xi are made from it. Not negative.</summary>
    /// <value>The default value is 3.</value>
    public int WarmUpEpochs { get; init; } = 3;

    /// <summary>How two pseudo-label sets become one (eqs. 12, 13).</summary>
    /// <value>The default value is <see cref="EnsembleRule.MeanProbability"/>.</value>
    public EnsembleRule EnsembleRule { get; init; } = EnsembleRule.MeanProbability;

    /// <summary>Where the target of the cross-decoder supervision comes from (eqs. 17, 18).</summary>
    /// <value>The default value is <see cref="CrossTarget.OwnSet"/>.</value>
    public CrossTarget CrossTarget { get; init; } = CrossTarget.OwnSet;

    /// <summary>Largest weight w of the unsupervised loss, reached at the last epoch by the Gaussian ramp-up (eq. 21). Not negative.</summary>
    /// <value>The default value is 0.1.</value>
    public double UnsupervisedWeight { get; init; } = 0.1;

    /// <summary>The decoder that predicts.</summary>
    /// <value>The default value is <see cref="DecoderName.Phi"/>, as section 3.3 says.</value>
    public DecoderName InferenceDecoder { get; init; } = DecoderName.Phi;

    /// <summary>
    /// Whether only the labelled half is trained: theta alone, on the labelled images, for as many steps as the whole method would take.
    /// Theta then predicts, and unlabeled images only set the length of an epoch. The baseline that unlabeled images must beat.
    /// </summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool LabeledOnly { get; init; }

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        RequireNotNegative(AlphaLabeled, nameof(AlphaLabeled));
        RequireNotNegative(AlphaUnlabeled, nameof(AlphaUnlabeled));
        RequireNotNegative(Beta, nameof(Beta));
        RequireAtLeast(BoundSamples, 1, nameof(BoundSamples));
        RequireFraction(PruneProbability, nameof(PruneProbability));
        RequireFraction(PruneMaskProbability, nameof(PruneMaskProbability));
        RequireFraction(KeepFraction, nameof(KeepFraction));
        RequireAtLeast(PruneFromBlock, 0, nameof(PruneFromBlock));
        Require(Enum.IsDefined(PruneSchedule), nameof(PruneSchedule), PruneSchedule, "a defined value");
        RequireAtLeast(WarmUpEpochs, 0, nameof(WarmUpEpochs));
        Require(Enum.IsDefined(EnsembleRule), nameof(EnsembleRule), EnsembleRule, "a defined value");
        Require(Enum.IsDefined(CrossTarget), nameof(CrossTarget), CrossTarget, "a defined value");
        RequireNotNegative(UnsupervisedWeight, nameof(UnsupervisedWeight));
        Require(Enum.IsDefined(InferenceDecoder), nameof(InferenceDecoder), InferenceDecoder, "a defined value");
    }

    /// <inheritdoc/>
    internal override SegmentationMethod CreateMethod(ImageShape shape, int annotators) => new AmbiSSLMethod(this, shape, annotators);
}
