using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Latent;

namespace AmbiSSL;

/// <summary>The options of methods that draw masks with codes of a latent prior, learned with a posterior (section 3.1).</summary>
public abstract record LatentSegmentationOptions : SegmentationOptions
{
    /// <summary>Dimensions D of the latent code. From 1 to 10000.</summary>
    /// <value>The default value is 6.</value>
    public int LatentDimensions { get; init; } = 6;

    /// <summary>Filters of each block of the prior and posterior encoders. At least one, each positive.</summary>
    /// <value>The default value is 16, 32, 64, 128, 256.</value>
    public IReadOnlyList<int> LatentFilters { get; init; } = [16, 32, 64, 128, 256];

    /// <summary>Convolutions in each block of the prior and posterior encoders. From 1 to 100.</summary>
    /// <value>The default value is 3.</value>
    public int LatentConvolutionsPerBlock { get; init; } = 3;

    /// <summary>How the codes of an image's sampled masks are drawn.</summary>
    /// <value>The default value is <see cref="CodeSampling.QuasiRandom"/>.</value>
    public CodeSampling CodeSampling { get; init; }

    /// <summary>Weight of the sum of un-squared norms of the parameters of prior, posterior and the heads' hidden layers. Not negative.</summary>
    /// <value>The default value is 1e-5.</value>
    public double WeightRegularization { get; init; } = 1e-5;

    /// <summary>
    /// Whether the posterior sees masks in order of their area, largest first. Only tests that compare with numbers from outside switch it off.
    /// </summary>
    internal bool SortsMasks { get; init; } = true;

    /// <summary>Sizes of the latent space.</summary>
    internal LatentSizes LatentSizes => new(LatentDimensions, LatentFilters, LatentConvolutionsPerBlock);

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        OptionRange.RequireBetween(LatentDimensions, 1, MostLatentDimensions, nameof(LatentDimensions));
        OptionRange.Require(
            LatentFilters is { Count: > 0 } && LatentFilters.All(f => f > 0), nameof(LatentFilters), LatentFilters, "one or more positive numbers");
        OptionRange.RequireBetween(LatentConvolutionsPerBlock, 1, UNetBackbone.MostConvolutions, nameof(LatentConvolutionsPerBlock));
        OptionRange.RequireDefined(CodeSampling, nameof(CodeSampling));
        OptionRange.RequireNotNegative(WeightRegularization, nameof(WeightRegularization));
    }
}
