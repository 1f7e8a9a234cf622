using AmbiSSL.Torch.Methods;

namespace AmbiSSL;

/// <summary>The options that methods share which learn from labelled images (eq. 14) and from unlabeled ones (eq. 21).</summary>
/// <remarks>
/// The paper's baselines (section 4.3) are read so: for each unlabeled image as many pseudo-labels are drawn as labelled images have
/// annotations, with codes of its prior; what learns one of them is given the same code, and the loss is the Dice loss, as in AmbiSSL,
/// where the originals have cross-entropy. Prior and posterior learn from labelled images alone.
/// </remarks>
public abstract record SemiSupervisedOptions : SegmentationOptions
{
    /// <summary>Weight of the labelled Kullback-Leibler term (eq. 14). Not negative.</summary>
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

    /// <summary>
    /// Epochs of learning from labelled images alone, since the pseudo-labels of an untrained network teach nothing; in AmbiSSL these are
    /// epochs of theta, from which phi and xi are then made. Where there are no more epochs than these, unlabeled images are never learned
    /// from, and in AmbiSSL theta predicts. Not negative.
    /// </summary>
    /// <value>The default value is 3.</value>
    public int WarmUpEpochs { get; init; } = 3;

    /// <summary>Largest weight w of the unsupervised loss, reached at the last epoch by the Gaussian ramp-up (eq. 21). Not negative.</summary>
    /// <value>The default value is 1.</value>
    public double UnsupervisedWeight { get; init; } = 1;

    /// <summary>What batch normalisation normalises by where pseudo-labels are made.</summary>
    /// <value>The default value is <see cref="PseudoLabelStatistics.Batch"/>.</value>
    public PseudoLabelStatistics PseudoLabelStatistics { get; init; } = PseudoLabelStatistics.Batch;

    /// <summary>
    /// Standard deviation of the noise that a sampled code is made of; 1 draws from the prior as it was learned. Not negative. Without the
    /// energy distance samples are too much alike, since the bound loss asks the most different of <see cref="BoundSamples"/> codes to reach the
    /// experts' union and intersection, and two codes drawn at random differ less: 2 makes up for it there.
    /// </summary>
    /// <value>The default value is 1.</value>
    public double SampleScale { get; init; } = 1;

    /// <inheritdoc/>
    internal override double NoiseScale => SampleScale;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        RequireNotNegative(AlphaLabeled, nameof(AlphaLabeled));
        RequireNotNegative(Beta, nameof(Beta));
        RequireAtLeast(BoundSamples, 1, nameof(BoundSamples));
        RequireNotNegative(EnergyWeight, nameof(EnergyWeight));
        RequireAtLeast(EnergySamples, 2, nameof(EnergySamples));
        RequireAtLeast(WarmUpEpochs, 0, nameof(WarmUpEpochs));
        RequireNotNegative(UnsupervisedWeight, nameof(UnsupervisedWeight));
        Require(Enum.IsDefined(PseudoLabelStatistics), nameof(PseudoLabelStatistics), PseudoLabelStatistics, "a defined value");
        RequireNotNegative(SampleScale, nameof(SampleScale));
    }

    /// <inheritdoc/>
    internal override SegmentationOptions ForTraining() => this with { SampleScale = 1 };

    private protected static void RequireConfidence(double value, string name) =>
        Require(value is >= 0.5 and <= 1, name, value, "a number from 0.5 to 1");

    /// <summary>Weight of the unsupervised loss at a step (eq. 21).</summary>
    internal double UnsupervisedWeightAt(StepContext context) => UnsupervisedWeight * RampUp.Gaussian(context.Epoch, context.Epochs);
}
