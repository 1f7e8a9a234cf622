using AmbiSSL.Torch.Foundation;

namespace AmbiSSL;

/// <summary>
/// Random changes of the training images. The weak view is flipped and rotated; the strong view of the same image has the same geometry,
/// changed intensities and, in a rectangle, a labeled image instead. Labeled images are changed in the same ways.
/// </summary>
public sealed record AugmentationOptions
{
    /// <summary>The paper's: flips and rotations for all images, intensities for the strong view of unlabeled ones alone, no rectangles.</summary>
    public static AugmentationOptions Published => new() { CutMixProbability = 0, CutMixLabeled = false, StrongLabeled = false };

    /// <summary>Probability of a flip, left to right and top to bottom apart. From 0 to 1.</summary>
    /// <value>The default value is 0.5.</value>
    public double FlipProbability { get; init; } = 0.5;

    /// <summary>Probability of a rotation. From 0 to 1.</summary>
    /// <value>The default value is 0.5.</value>
    public double RotationProbability { get; init; } = 0.5;

    /// <summary>Largest rotation either way, in degrees. From 0 to 180.</summary>
    /// <value>The default value is 180.</value>
    public double RotationDegrees { get; init; } = 180;

    /// <summary>Strong view: largest change of brightness, in units of the image's values. Not negative.</summary>
    /// <value>The default value is 0.4.</value>
    public double Brightness { get; init; } = 0.4;

    /// <summary>Strong view: largest relative change of contrast about the image's mean. From 0 to 1.</summary>
    /// <value>The default value is 0.6.</value>
    public double Contrast { get; init; } = 0.6;

    /// <summary>Strong view: largest standard deviation of added Gaussian noise, in units of the image's values. Not negative.</summary>
    /// <value>The default value is 0.1.</value>
    public double Noise { get; init; } = 0.1;

    /// <summary>Strong view: probability of a 3x3 binomial blur. From 0 to 1.</summary>
    /// <value>The default value is 0.5.</value>
    public double BlurProbability { get; init; } = 0.5;

    /// <summary>
    /// Strong view: probability that a rectangle, a tenth to a half of the area, shows a labeled image of the same batch in place of the
    /// unlabeled one, so that its annotations are learned there in place of pseudo-labels (CutMix, Yun et al., ICCV 2019; between labeled and
    /// unlabeled images as bidirectional copy-paste has it, Bai et al., CVPR 2023). AmbiSSL and consistency regularization learn from strong
    /// views. From 0 to 1.
    /// </summary>
    /// <value>The default value is 0.5.</value>
    public double CutMixProbability { get; init; } = 0.5;

    /// <summary>
    /// Whether labeled images, with <see cref="CutMixProbability"/>, show rectangles of each other, with their annotations: few labeled images
    /// are seen over and over.
    /// </summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool CutMixLabeled { get; init; } = true;

    /// <summary>Whether labeled images are changed as the strong view is; otherwise they are changed as the weak view is.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool StrongLabeled { get; init; } = true;

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public void Validate()
    {
        OptionRange.RequireFraction(FlipProbability, nameof(FlipProbability));
        OptionRange.RequireFraction(RotationProbability, nameof(RotationProbability));
        OptionRange.Require(RotationDegrees is >= 0 and <= 180, nameof(RotationDegrees), RotationDegrees, "a number from 0 to 180");
        OptionRange.RequireNotNegative(Brightness, nameof(Brightness));
        OptionRange.RequireFraction(Contrast, nameof(Contrast));
        OptionRange.RequireNotNegative(Noise, nameof(Noise));
        OptionRange.RequireFraction(BlurProbability, nameof(BlurProbability));
        OptionRange.RequireFraction(CutMixProbability, nameof(CutMixProbability));
    }
}
