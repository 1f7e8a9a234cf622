using System.Text.Json.Serialization;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;

namespace AmbiSSL;

/// <summary>
/// Options of stochastic segmentation networks: a normal distribution over the logits of all pixels together, whose covariance is of low rank but for
/// its diagonal (Monteiro et al., <i>Stochastic Segmentation Networks: Modelling Spatially Correlated Aleatoric Uncertainty</i>, NeurIPS 2020). It
/// learns from labeled images alone; unlabeled ones only set the length of an epoch.
/// </summary>
/// <remarks>
/// Two things that the authors' public code has are not needed here. It falls back to independent pixels where a covariance cannot be inverted:
/// sampling inverts none. It sets the covariance to zero outside of the brain, which the image shows: here every pixel that a mask counts is part of
/// the distribution.
/// </remarks>
public sealed record StochasticSegmentationOptions : SegmentationOptions
{
    /// <summary>The method's word.</summary>
    public const string Word = "ssn";

    private const int MostSamples = 100_000;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string MethodName => Word;

    /// <summary>Rank R of the covariance without its diagonal: in how many ways the pixels of a sample change together. At least 1.</summary>
    /// <value>The default value is 10, as in the paper.</value>
    public int Rank { get; init; } = 10;

    /// <summary>
    /// Samples of the logits of each image in training, over which the likelihood of the annotations is integrated; they come in pairs, at opposite
    /// sides of the mean. Even, from 2 to 100000.
    /// </summary>
    /// <value>The default value is 20, as in the paper.</value>
    public int TrainingSamples { get; init; } = 20;

    /// <summary>
    /// How the R numbers that steer the low-rank part of an image's sampled masks are drawn. The noise of single pixels is always independent.
    /// </summary>
    /// <value>The default value is <see cref="CodeSampling.QuasiRandom"/>.</value>
    public CodeSampling CodeSampling { get; init; }

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        OptionRange.RequireAtLeast(Rank, 1, nameof(Rank));
        OptionRange.Require(
            TrainingSamples is >= 2 and <= MostSamples && TrainingSamples % 2 == 0,
            nameof(TrainingSamples),
            TrainingSamples,
            $"an even number from 2 to {MostSamples}");
        OptionRange.RequireDefined(CodeSampling, nameof(CodeSampling));
        OptionRange.Require(
            !AverageMirrorImages,
            nameof(AverageMirrorImages),
            AverageMirrorImages,
            $"false with {Word}: the noise of single pixels does not turn with the image, so that a sample would be the mean of four");
    }

    /// <inheritdoc/>
    internal override SegmentationMethod CreateMethod(ImageShape shape, int annotators, MaskClasses classes) =>
        new StochasticSegmentationMethod(this, shape, classes);
}
