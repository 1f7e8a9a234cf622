using System.Text.Json.Serialization;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;

namespace AmbiSSL;

/// <summary>Options of AmbiSSL (Kumari and Singh, CVPR 2025).</summary>
/// <remarks><see cref="Published"/> is the paper's text; the default values are <see cref="Recommended"/>.</remarks>
public sealed record AmbiSSLOptions : SemiSupervisedOptions
{
    /// <summary>The method's word.</summary>
    public const string Word = "ambissl";

    private const int PaperPruneFromBlock = 2;

    /// <summary>What did best on validation patients: the default values.</summary>
    public static AmbiSSLOptions Recommended => new();

    /// <summary>
    /// The paper's text, eqs. 1 to 21: cross-decoder supervision as it is printed, no energy distance, no rectangles, independent samples. Only divergences are
    /// those of the posterior from the prior, as all public code has them, where eqs. 4 to 6 print the two in the other order. The paper
    /// gives no weight of eq. 21; 0.1 is that of the code to which it refers for the ramp-up. At 1 the loss of unlabeled images ruins the
    /// decoder that predicts.
    /// </summary>
    public static AmbiSSLOptions Published => new()
    {
        CrossSupervision = CrossSupervision.Printed,
        AlphaUnlabeled = 0.5,
        UnsupervisedWeight = 0.1,
        EnergyWeight = 0,
        CodeSampling = CodeSampling.Independent,
        Training = new TrainingOptions { LearningRate = 1e-4, Augmentation = AugmentationOptions.Published },
    };

    /// <inheritdoc/>
    [JsonIgnore]
    public override string MethodName => Word;

    /// <summary>How the pruned decoders learn from each other on unlabeled images (eqs. 15-20).</summary>
    /// <value>The default value is <see cref="CrossSupervision.SameCode"/>.</value>
    public CrossSupervision CrossSupervision { get; init; } = CrossSupervision.SameCode;

    /// <summary>
    /// Weight of the unlabeled Kullback-Leibler terms (eqs. 19, 20). Not negative; 0 with <see cref="CrossSupervision.SameCode"/>, which has no such terms.
    /// </summary>
    /// <value>The default value is 0, that of <see cref="Published"/> 0.5 (Table 3).</value>
    public double AlphaUnlabeled { get; init; }

    /// <summary>Share a of a layer's weights that pruning keeps, by magnitude (eq. 8). From 0 to 1.</summary>
    /// <value>The default value is 0.5 (Table 4).</value>
    public double KeepFraction { get; init; } = 0.5;

    /// <summary>Threshold layer L: the first decoder block that is pruned, counted from 0. Less than the backbone's decoder blocks.</summary>
    /// <value>
    /// The default value is <see langword="null"/>: the third block (Table 4), or the last one of a backbone that has fewer.
    /// </value>
    public int? PruneFromBlock { get; init; }

    /// <summary>The first decoder block that is pruned.</summary>
    internal int FirstPrunedBlock => PruneFromBlock ?? Math.Min(PaperPruneFromBlock, Backbone.DecoderBlocks - 1);

    /// <summary>Whether theta is the only decoder that is ever trained.</summary>
    internal bool TrainsThetaAlone => WarmUpEpochs >= Epochs;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        OptionRange.RequireDefined(CrossSupervision, nameof(CrossSupervision));
        OptionRange.RequireNotNegative(AlphaUnlabeled, nameof(AlphaUnlabeled));
        OptionRange.Require(
            AlphaUnlabeled == 0 || CrossSupervision == CrossSupervision.Printed,
            nameof(AlphaUnlabeled),
            AlphaUnlabeled,
            "0 where CrossSupervision is SameCode, which has no unlabeled divergence; start from AmbiSSLOptions.Published, which has it");
        OptionRange.RequireFraction(KeepFraction, nameof(KeepFraction));
        OptionRange.Require(
            PruneFromBlock is null || (PruneFromBlock >= 0 && PruneFromBlock < Backbone.DecoderBlocks),
            nameof(PruneFromBlock),
            PruneFromBlock,
            $"null or a number from 0 to {Backbone.DecoderBlocks - 1}, since the backbone has {Backbone.DecoderBlocks} decoder blocks");
    }

    /// <inheritdoc/>
    internal override SegmentationMethod CreateMethod(ImageShape shape, int annotators, MaskClasses classes) =>
        new AmbiSSLMethod(this, shape, annotators, classes);
}
