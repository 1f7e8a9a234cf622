using AmbiSSL.Torch.Training;

namespace AmbiSSL.Torch.Methods;

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
    /// Standard deviation of the noise that a sampled code is made of; 1 draws from the prior as it was learned. Not negative. The bound loss
    /// asks that the most different of <see cref="BoundSamples"/> codes reach the experts' union and intersection, so that two codes drawn at
    /// random differ less than two experts do: more noise makes up for it.
    /// </summary>
    /// <value>The default value is 2.</value>
    public double SampleScale { get; init; } = 2;

    /// <inheritdoc/>
    internal override double NoiseScale => SampleScale;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        RequireNotNegative(AlphaLabeled, nameof(AlphaLabeled));
        RequireNotNegative(Beta, nameof(Beta));
        RequireAtLeast(BoundSamples, 1, nameof(BoundSamples));
        RequireAtLeast(WarmUpEpochs, 0, nameof(WarmUpEpochs));
        RequireNotNegative(UnsupervisedWeight, nameof(UnsupervisedWeight));
        Require(Enum.IsDefined(PseudoLabelStatistics), nameof(PseudoLabelStatistics), PseudoLabelStatistics, "a defined value");
        RequireNotNegative(SampleScale, nameof(SampleScale));
    }

    /// <inheritdoc/>
    internal override SegmentationOptions ForTraining() => this with { SampleScale = 2 };

    private protected static void RequireConfidence(double value, string name) =>
        Require(value is >= 0.5 and <= 1, name, value, "a number from 0.5 to 1");

    /// <summary>Weight of the unsupervised loss at a step (eq. 21).</summary>
    internal double UnsupervisedWeightAt(StepContext context) => UnsupervisedWeight * RampUp.Gaussian(context.Epoch, context.Epochs);
}
