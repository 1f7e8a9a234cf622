using AmbiSSL.Torch.Foundation;

namespace AmbiSSL;

/// <summary>
/// How images of any size are learned and scored: trainings see random crops, and a trained model sees an image through windows of the same size
/// that overlap by half, blended by Gaussian weights, as nnU-Net does (Isensee et al., Nature Methods 2021).
/// </summary>
public sealed record WindowOptions
{
    /// <summary>Fewest rows and columns that networks can see.</summary>
    internal const int LeastSide = 8;

    /// <summary>
    /// Size of crops and windows. At least 8x8 pixels; smaller images are continued by their border, which no loss against outlines and no figure counts.
    /// </summary>
    public required ImageSize Size { get; init; }

    /// <summary>
    /// Share of the crops of labeled images that are about a pixel that some reader outlined, if there is one; others are anywhere. From 0 to 1.
    /// </summary>
    /// <value>The default value is one third, nnU-Net's.</value>
    public double ForegroundShare { get; init; } = 1.0 / 3;

    /// <summary>
    /// How far apart places are at which a sample's codes are drawn independently, in windows: between them the codes change evenly, so that windows twice as
    /// far apart share nothing of a sample. Lesions that experts outline alike all over an image want <see langword="null"/>: one noise for the whole image.
    /// Positive.
    /// </summary>
    /// <value>The default value is 1.</value>
    public double? CodeDistance { get; init; } = 1;

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public void Validate()
    {
        OptionRange.Require(Size is { Height: >= LeastSide, Width: >= LeastSide }, nameof(Size), Size, $"at least {LeastSide}x{LeastSide} pixels");
        OptionRange.Require(!Size.IsTooLarge, nameof(Size), Size, $"of {ImageSize.MostPixels} pixels at most");
        OptionRange.RequireFraction(ForegroundShare, nameof(ForegroundShare));
        if (CodeDistance is { } distance)
        {
            OptionRange.RequirePositive(distance, nameof(CodeDistance));
        }
    }
}
