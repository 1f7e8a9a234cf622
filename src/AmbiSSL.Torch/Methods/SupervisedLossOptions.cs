using System.Text.Json.Serialization;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;

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

    /// <summary>
    /// Epochs over which the energy distance gains its weight, along the Gaussian curve of eq. 21. While a network finds nothing yet, faint masks of
    /// different strength earn by their distance from each other what good masks would, and where small classes are many it stays there for hundreds
    /// of steps. At least 0.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: none with one class, a third of the epochs with several.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? EnergyRampUpEpochs { get; init; }

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
        OptionRange.Require(EnergyRampUpEpochs is null or >= 0, nameof(EnergyRampUpEpochs), EnergyRampUpEpochs, "null or a number of at least 0");
        OptionRange.RequireAtLeast(EnergySamples, 2, nameof(EnergySamples));
    }

    /// <summary>The share of its weight that the energy distance has at a step.</summary>
    /// <param name="context">The epoch.</param>
    /// <param name="classes">Number K of classes of a mask.</param>
    internal double EnergyShareAt(StepContext context, long classes) =>
        RampUp.Gaussian(context.Epoch, EnergyRampUpEpochs ?? (classes == 1 ? 0 : context.Epochs / 3.0));
}
