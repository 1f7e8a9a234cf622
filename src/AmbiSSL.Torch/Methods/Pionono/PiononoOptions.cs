using System.Text.Json.Serialization;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;

namespace AmbiSSL;

/// <summary>
/// Options of Pionono: a latent normal distribution for each annotator, whose codes steer one head (Schmidt et al., <i>Probabilistic
/// Modeling of Inter- and Intra-observer Variability in Medical Image Segmentation</i>, ICCV 2023). It learns from labeled images alone;
/// unlabeled ones only set the length of an epoch.
/// </summary>
/// <remarks>
/// Sampled masks are the annotators' in turn: sample n has a code of its own, drawn from the distribution of annotator n modulo A.
/// </remarks>
public sealed record PiononoOptions : SegmentationOptions
{
    /// <summary>The method's word.</summary>
    public const string Word = "pionono";

    private const int MostCodes = 100_000;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string MethodName => Word;

    /// <summary>Dimensions D of the latent code. From 1 to 10000.</summary>
    /// <value>The default value is 8.</value>
    public int LatentDimensions { get; init; } = 8;

    /// <summary>How the codes of an image's sampled masks, and of each annotator's own, are drawn.</summary>
    /// <value>The default value is <see cref="CodeSampling.QuasiRandom"/>.</value>
    public CodeSampling CodeSampling { get; init; }

    /// <summary>Weight of the sum of un-squared norms of the parameters of the head's hidden layers. Not negative.</summary>
    /// <value>The default value is 1e-5.</value>
    public double WeightRegularization { get; init; } = 1e-5;

    /// <summary>Weight of the divergence of an annotator's distribution from the prior. Not negative.</summary>
    /// <value>The default value is 5e-4.</value>
    public double KlWeight { get; init; } = 5e-4;

    /// <summary>Codes drawn for each image in training, over whose logits the loss takes the mean. From 1 to 100000.</summary>
    /// <value>The default value is 5.</value>
    public int TrainingSamples { get; init; } = 5;

    /// <summary>Codes drawn of each annotator for its own mask, over whose probabilities the mean is taken. From 1 to 100000.</summary>
    /// <value>The default value is 20.</value>
    public int AnnotatorSamples { get; init; } = 20;

    /// <summary>Standard deviation of the prior N(0, σ² I), and of each annotator's distribution before training. Positive.</summary>
    /// <value>The default value is 2.</value>
    public double PriorDeviation { get; init; } = 2;

    /// <summary>Standard deviation from which the annotators' means are drawn before training. Not negative.</summary>
    /// <value>
    /// The default value is 2, so that they come from the prior. The authors' public code takes 8, which tells annotators apart from the
    /// start, but in a short training can leave one of them with empty masks.
    /// </value>
    public double InitialMeanDeviation { get; init; } = 2;

    /// <summary>
    /// Initial learning rate of the annotators' distributions, taken to zero by the same cosine as the networks'. Positive.
    /// </summary>
    /// <value>The default value is 0.02.</value>
    public double LatentLearningRate { get; init; } = 0.02;

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool KnowsAnnotators => true;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        OptionRange.RequireBetween(LatentDimensions, 1, MostLatentDimensions, nameof(LatentDimensions));
        OptionRange.RequireDefined(CodeSampling, nameof(CodeSampling));
        OptionRange.RequireNotNegative(WeightRegularization, nameof(WeightRegularization));
        OptionRange.RequireNotNegative(KlWeight, nameof(KlWeight));
        OptionRange.RequireBetween(TrainingSamples, 1, MostCodes, nameof(TrainingSamples));
        OptionRange.RequireBetween(AnnotatorSamples, 1, MostCodes, nameof(AnnotatorSamples));
        OptionRange.RequirePositive(PriorDeviation, nameof(PriorDeviation));
        OptionRange.RequireNotNegative(InitialMeanDeviation, nameof(InitialMeanDeviation));
        OptionRange.RequirePositive(LatentLearningRate, nameof(LatentLearningRate));
    }

    /// <inheritdoc/>
    internal override SegmentationMethod CreateMethod(ImageShape shape, int annotators, MaskClasses classes) =>
        new PiononoMethod(this, shape, annotators, classes);
}
