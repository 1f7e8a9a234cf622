using System.Text.Json.Serialization;
using AmbiSSL.Torch.Methods;

namespace AmbiSSL;

/// <summary>Options of AmbiSSL (Kumari and Singh, CVPR 2025).</summary>
/// <remarks>
/// Where the paper can be read in several ways the defaults are what did best on validation patients (samples/experiments). The unlabeled half
/// as eqs. 15-20 print it, which did worse, has <see cref="UnlabeledCode.Posterior"/>, <see cref="CrossTarget.OwnSet"/>,
/// <see cref="PseudoLabelStatistics.Running"/> with a weight of 0.1, and no <see cref="AugmentationOptions.CutMixProbability"/>;
/// eq. 14 has no <see cref="SemiSupervisedOptions.EnergyWeight"/>.
/// </remarks>
public sealed record AmbiSSLOptions : SemiSupervisedOptions
{
    /// <summary>The method's word.</summary>
    public const string Word = "ambissl";

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Method => Word;

    /// <summary>
    /// Weight of the unlabeled Kullback-Leibler terms (eqs. 19, 20), which there are where <see cref="UnlabeledCode"/> is
    /// <see cref="UnlabeledCode.Posterior"/>. Not negative.
    /// </summary>
    /// <value>The default value is 0.5 (Table 3).</value>
    public double AlphaUnlabeled { get; init; } = 0.5;

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

    /// <summary>Threshold layer L: the first decoder block that is pruned, counted from 0. Less than the backbone's decoder blocks.</summary>
    /// <value>The default value is 2, the third block (Table 4).</value>
    public int PruneFromBlock { get; init; } = 2;

    /// <summary>When the decoders phi and xi are pruned.</summary>
    /// <value>The default value is <see cref="PruneSchedule.Once"/>.</value>
    public PruneSchedule PruneSchedule { get; init; } = PruneSchedule.Once;

    /// <summary>
    /// How two pseudo-label sets become one (eqs. 12, 13), which they do where <see cref="UnlabeledCode"/> is
    /// <see cref="UnlabeledCode.Posterior"/> or <see cref="CrossTarget"/> is <see cref="CrossTarget.Ensemble"/>.
    /// </summary>
    /// <value>The default value is <see cref="EnsembleRule.MeanProbability"/>.</value>
    public EnsembleRule EnsembleRule { get; init; } = EnsembleRule.MeanProbability;

    /// <summary>Where the target of the cross-decoder supervision comes from (eqs. 17, 18).</summary>
    /// <value>The default value is <see cref="CrossTarget.AllDecoders"/>.</value>
    public CrossTarget CrossTarget { get; init; } = CrossTarget.AllDecoders;

    /// <summary>The latent code with which phi and xi predict unlabeled images in training.</summary>
    /// <value>The default value is <see cref="UnlabeledCode.Prior"/>.</value>
    public UnlabeledCode UnlabeledCode { get; init; } = UnlabeledCode.Prior;

    /// <summary>The decoder that predicts.</summary>
    /// <value>The default value is <see cref="DecoderName.Phi"/>, as section 3.3 says.</value>
    public DecoderName InferenceDecoder { get; init; } = DecoderName.Phi;

    /// <summary>
    /// Whether only the labelled half is trained: theta alone, on the labelled images, for as many steps as the whole method would take.
    /// Theta then predicts, and unlabeled images only set the length of an epoch. The baseline that unlabeled images must beat.
    /// </summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool LabeledOnly { get; init; }

    /// <summary>Whether theta is the only decoder that is ever trained.</summary>
    [JsonIgnore]
    internal bool TrainsThetaAlone => LabeledOnly || WarmUpEpochs >= Epochs;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        RequireNotNegative(AlphaUnlabeled, nameof(AlphaUnlabeled));
        RequireFraction(PruneProbability, nameof(PruneProbability));
        RequireFraction(PruneMaskProbability, nameof(PruneMaskProbability));
        RequireFraction(KeepFraction, nameof(KeepFraction));
        Require(
            PruneFromBlock >= 0 && PruneFromBlock < Backbone.DecoderBlocks,
            nameof(PruneFromBlock),
            PruneFromBlock,
            $"a number from 0 to {Backbone.DecoderBlocks - 1}, since the backbone has {Backbone.DecoderBlocks} decoder blocks");
        Require(Enum.IsDefined(PruneSchedule), nameof(PruneSchedule), PruneSchedule, "a defined value");
        Require(Enum.IsDefined(EnsembleRule), nameof(EnsembleRule), EnsembleRule, "a defined value");
        Require(Enum.IsDefined(CrossTarget), nameof(CrossTarget), CrossTarget, "a defined value");
        Require(Enum.IsDefined(UnlabeledCode), nameof(UnlabeledCode), UnlabeledCode, "a defined value");
        Require(Enum.IsDefined(InferenceDecoder), nameof(InferenceDecoder), InferenceDecoder, "a defined value");
    }

    /// <inheritdoc/>
    internal override SegmentationOptions ForTraining() => (AmbiSSLOptions)base.ForTraining() with { InferenceDecoder = DecoderName.Phi };

    /// <inheritdoc/>
    internal override SegmentationMethod CreateMethod(ImageShape shape, int annotators) => new AmbiSSLMethod(this, shape, annotators);
}
