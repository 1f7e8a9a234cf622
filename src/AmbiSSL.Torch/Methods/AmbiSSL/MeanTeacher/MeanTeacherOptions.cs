using AmbiSSL.Torch.Foundation;

namespace AmbiSSL;

/// <summary>
/// Unlabeled images taught by a mean teacher, the average of the weights over the steps (Tarvainen and Valpola, NIPS 2017; needs
/// <see cref="TrainingOptions.WeightAveraging"/>), in place of cross-decoder supervision. The teacher draws a set of masks for each weak view with codes of its
/// prior; what each pruned decoder draws with codes of its own has to be distributed as that set is, by the energy distance, with the weight that it has for
/// labeled images: one decoder sees the strong view, the other the weak one with some of the encoder's features taken away (UniMatch, Yang et al., CVPR 2023).
/// </summary>
public sealed record MeanTeacherOptions
{
    /// <summary>Masks that the teacher draws for each image. Even, at least 2.</summary>
    /// <value>The default value is 8.</value>
    public int Samples { get; init; } = 8;

    /// <summary>Probability that one of the encoder's features is taken from the decoder that learns on the weak view. At least 0 and below 1.</summary>
    /// <value>The default value is 0.5, that of UniMatch.</value>
    public double FeatureDropout { get; init; } = 0.5;

    /// <summary>
    /// Share of the patches of the strong view that are hidden, so that the decoder draws there what lies around it (Hoyer et al., <i>MIC: Masked Image
    /// Consistency</i>, CVPR 2023). At least 0 and below 1.
    /// </summary>
    /// <value>The default value is 0.</value>
    public double MaskedShare { get; init; }

    /// <summary>Rows and columns of a hidden patch, in pixels. At least 1.</summary>
    /// <value>The default value is 8.</value>
    public int PatchSize { get; init; } = 8;

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it, its value and the range.</exception>
    public void Validate()
    {
        OptionRange.Require(Samples >= 2 && Samples % 2 == 0, nameof(Samples), Samples, "an even number of at least 2");
        OptionRange.Require(FeatureDropout is >= 0 and < 1, nameof(FeatureDropout), FeatureDropout, "a number of at least 0 and below 1");
        OptionRange.Require(MaskedShare is >= 0 and < 1, nameof(MaskedShare), MaskedShare, "a number of at least 0 and below 1");
        OptionRange.RequireAtLeast(PatchSize, 1, nameof(PatchSize));
    }
}
