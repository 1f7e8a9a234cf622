using AmbiSSL.Torch.Foundation;

namespace AmbiSSL;

/// <summary>The options of methods that learn from labeled images by AmbiSSL's supervised loss (eq. 14).</summary>
public abstract record SupervisedLossOptions : LatentSegmentationOptions
{
    /// <summary>Weight of the labeled Kullback-Leibler term (eq. 14). Not negative.</summary>
    /// <value>The default value is 1.</value>
    public double AlphaLabeled { get; init; } = 1;

    /// <summary>Weight of the bound loss (eq. 14). Not negative.</summary>
    /// <value>The default value is 0.5.</value>
    public double Beta { get; init; } = 0.5;

    /// <summary>Prior codes drawn for the bound loss. At least 1.</summary>
    /// <value>The default value is 10.</value>
    public int BoundSamples { get; init; } = 10;

    /// <summary>
    /// Weight of the energy distance between sampled masks and annotations, which makes samples as different as experts are: what
    /// <see cref="Figure.Ged"/> measures, on probabilities. Not in the paper. Not negative; 0 leaves it out.
    /// </summary>
    /// <value>The default value is 4.</value>
    public double EnergyWeight { get; init; } = 4;

    /// <summary>Prior codes drawn for the energy distance. At least 2.</summary>
    /// <value>The default value is 4.</value>
    public int EnergySamples { get; init; } = 4;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        OptionRange.RequireNotNegative(AlphaLabeled, nameof(AlphaLabeled));
        OptionRange.RequireNotNegative(Beta, nameof(Beta));
        OptionRange.RequireAtLeast(BoundSamples, 1, nameof(BoundSamples));
        OptionRange.RequireNotNegative(EnergyWeight, nameof(EnergyWeight));
        OptionRange.RequireAtLeast(EnergySamples, 2, nameof(EnergySamples));
    }
}
