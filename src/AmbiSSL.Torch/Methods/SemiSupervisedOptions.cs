using System.Text.Json.Serialization;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;

namespace AmbiSSL;

/// <summary>The options of methods that learn from labeled images (eq. 14) and from unlabeled ones (eq. 21).</summary>
/// <remarks>
/// The paper's baselines (section 4.3) are read so: for each unlabeled image as many pseudo-labels are drawn as labeled images have
/// annotations, with codes of its prior; what learns one of them is given the same code, and the loss is the Dice loss, as in AmbiSSL,
/// where the originals have cross-entropy. Prior and posterior learn from labeled images alone. Pseudo-labels are made as the network predicts in
/// training: where it normalizes batches, by those of the unlabeled images.
/// </remarks>
public abstract record SemiSupervisedOptions : SupervisedLossOptions
{
    /// <summary>
    /// Epochs of learning from labeled images alone, since the pseudo-labels of an untrained network teach nothing; in AmbiSSL these are
    /// epochs of theta, from which phi and xi are then made. Where there are no more epochs than these, unlabeled images are never learned
    /// from, and in AmbiSSL theta predicts. Not negative.
    /// </summary>
    /// <value>The default value is 3.</value>
    public int WarmUpEpochs { get; init; } = 3;

    /// <summary>Weight w of the unsupervised loss at the end of the training, to which the Gaussian ramp-up leads (eq. 21). Not negative.</summary>
    /// <value>The default value is 1.</value>
    public double UnsupervisedWeight { get; init; } = 1;

    /// <summary>
    /// Epochs after the warm-up in which the weight of the unsupervised loss rises, as a Gaussian does; with 0 it is full at once. The ramp-up of eq. 21 is at its
    /// end where the learning rate is at zero: of 6 epochs with a warm-up of 3 it leaves unlabeled images a tenth of what labeled ones may move. Not negative.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: it rises over all epochs, the warm-up included (eq. 21).</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? RampUpEpochs { get; init; }

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        OptionRange.RequireAtLeast(WarmUpEpochs, 0, nameof(WarmUpEpochs));
        OptionRange.RequireNotNegative(UnsupervisedWeight, nameof(UnsupervisedWeight));
        OptionRange.Require(RampUpEpochs is null or >= 0, nameof(RampUpEpochs), RampUpEpochs, "null or a number of at least 0");
    }

    private protected static void RequireConfidence(double value, string name) =>
        OptionRange.Require(value is >= 0.5 and <= 1, name, value, "a number from 0.5 to 1");

    /// <summary>Weight of the unsupervised loss at a step (eq. 21).</summary>
    internal double UnsupervisedWeightAt(StepContext context) => UnsupervisedWeight * (RampUpEpochs is { } length
        ? RampUp.Gaussian(context.Epoch - WarmUpEpochs, length)
        : RampUp.Gaussian(context.Epoch, context.Epochs));
}
