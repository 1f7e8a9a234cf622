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

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        OptionRange.RequireAtLeast(WarmUpEpochs, 0, nameof(WarmUpEpochs));
        OptionRange.RequireNotNegative(UnsupervisedWeight, nameof(UnsupervisedWeight));
    }

    private protected static void RequireConfidence(double value, string name) =>
        OptionRange.Require(value is >= 0.5 and <= 1, name, value, "a number from 0.5 to 1");

    /// <summary>Weight of the unsupervised loss at a step (eq. 21).</summary>
    internal double UnsupervisedWeightAt(StepContext context) => UnsupervisedWeight * RampUp.Gaussian(context.Epoch, context.Epochs);
}
