using AmbiSSL.Torch.Foundation;

namespace AmbiSSL;

/// <summary>
/// Learning from all training images, outlined or not, before the method itself: patches are hidden, and encoder and decoder learn to restore them (He et al.,
/// <i>Masked Autoencoders Are Scalable Vision Learners</i>, CVPR 2022). Whatever the method, its encoder and first decoder then start from these weights.
/// </summary>
public sealed record PretrainingOptions
{
    /// <summary>Passes over all training images. At least 1.</summary>
    /// <value>The default value is 4.</value>
    public int Epochs { get; init; } = 4;

    /// <summary>Share of the patches that are hidden. Above 0 and below 1.</summary>
    /// <value>The default value is 0.6.</value>
    public double MaskedShare { get; init; } = 0.6;

    /// <summary>Rows and columns of a patch, in pixels. At least 1.</summary>
    /// <value>The default value is 8.</value>
    public int PatchSize { get; init; } = 8;

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it, its value and the range.</exception>
    public void Validate()
    {
        OptionRange.RequireAtLeast(Epochs, 1, nameof(Epochs));
        OptionRange.Require(MaskedShare is > 0 and < 1, nameof(MaskedShare), MaskedShare, "a number above 0 and below 1");
        OptionRange.RequireAtLeast(PatchSize, 1, nameof(PatchSize));
    }
}
