using System.Text.Json.Serialization;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;

namespace AmbiSSL;

/// <summary>
/// Options of D-Persona (Wu et al., <i>Diversified and Personalized Multi-rater Medical Image Segmentation</i>, CVPR 2024). It learns from
/// labeled images alone, in two stages: first a latent space of masks, then, with all else frozen, a projection head for each annotator
/// that finds the annotator's own code in it. Each stage has a learning rate of its own that falls from
/// <see cref="TrainingOptions.LearningRate"/> to zero. <see cref="SegmentationOptions.Epochs"/> is at least 2, one for each.
/// </summary>
public sealed record DPersonaOptions : LatentSegmentationOptions
{
    /// <summary>The method's word.</summary>
    public const string Word = "d-persona";

    private const int MostCodes = 100_000;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string MethodName => Word;

    /// <summary>Weight of the bound loss of stage 1. Not negative.</summary>
    /// <value>The default value is 0.5, as in the released code.</value>
    public double Beta { get; init; } = 0.5;

    /// <summary>Prior codes drawn for the bound loss of stage 1. At least 1.</summary>
    /// <value>The default value is 10, as in the released code.</value>
    public int BoundSamples { get; init; } = 10;

    /// <summary>Share of the epochs that stage 2 gets, rounded; either stage gets at least one epoch. From 0 to 1.</summary>
    /// <value>The default value is 0.5: the released code gives both stages the same number.</value>
    public double PersonalizationFraction { get; init; } = 0.5;

    /// <summary>Prior codes that the projection heads attend over in stage 2. From 1 to 100000.</summary>
    /// <value>The default value is 100, as in the released code.</value>
    public int TrainingCodes { get; init; } = 100;

    /// <summary>Prior codes that the projection heads attend over in prediction. From 1 to 100000.</summary>
    /// <value>The default value is 500, as in the released code.</value>
    public int PredictionCodes { get; init; } = 500;

    /// <summary>Epochs of stage 1.</summary>
    [JsonIgnore]
    internal int DiversificationEpochs => Math.Clamp(Epochs - (int)Math.Round(Epochs * PersonalizationFraction), 1, Epochs - 1);

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool KnowsAnnotators => true;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        OptionRange.Require(Epochs >= 2, nameof(Epochs), Epochs, "a number of at least 2, since each of the two stages needs an epoch");
        OptionRange.RequireNotNegative(Beta, nameof(Beta));
        OptionRange.RequireAtLeast(BoundSamples, 1, nameof(BoundSamples));
        OptionRange.RequireFraction(PersonalizationFraction, nameof(PersonalizationFraction));
        OptionRange.RequireBetween(TrainingCodes, 1, MostCodes, nameof(TrainingCodes));
        OptionRange.RequireBetween(PredictionCodes, 1, MostCodes, nameof(PredictionCodes));
    }

    /// <inheritdoc/>
    internal override SegmentationMethod CreateMethod(ImageShape shape, int annotators, MaskClasses classes) =>
        new DPersonaMethod(this, shape, annotators, classes);
}
