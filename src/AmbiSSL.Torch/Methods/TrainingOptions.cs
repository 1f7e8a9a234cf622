using System.Text.Json.Serialization;
using AmbiSSL.Torch.Foundation;

namespace AmbiSSL;

/// <summary>
/// How a method is trained, whichever it is; stored with the model. How long is in <see cref="SegmentationOptions.Epochs"/>, since warm-up,
/// ramp-up and stages of the methods are counted in it.
/// </summary>
public sealed record TrainingOptions
{
    /// <summary>Images in a batch, half of them labeled and half unlabeled where both are used. At least 2, even.</summary>
    /// <value>The default value is 8.</value>
    public int BatchSize { get; init; } = 8;

    /// <summary>Initial learning rate of Adam, taken to zero by a cosine over the epochs. Positive.</summary>
    /// <value>The default value is 5e-4, that of <see cref="AmbiSSLOptions.Published"/> 1e-4 (section 4.2), which takes several times as many steps.</value>
    public double LearningRate { get; init; } = 5e-4;

    /// <summary>
    /// What images are seen through, in training and by the model ever after. Needed for floating-point values outside 0 to 1, such as Hounsfield
    /// units, and for integers that fill a sixteenth of their type at most, such as 12 bits in 16.
    /// </summary>
    /// <value>
    /// The default value is <see langword="null"/>: integers stand for 0 to 1, their whole range, and floating-point numbers are taken as they are.
    /// </value>
    public IntensityWindow? IntensityWindow { get; init; }

    /// <summary>
    /// Crops in which images are learned, and windows through which the model sees others: for images that are large, or of several sizes. An epoch
    /// takes as many crops of an image as would cover it.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: images have one size, and are seen whole.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WindowOptions? Windows { get; init; }

    /// <summary>Random changes of the training images.</summary>
    /// <value>
    /// The default value is flips and rotations, and for the strong view and labeled images intensity changes and rectangles of labeled images.
    /// </value>
    public AugmentationOptions Augmentation { get; init; } = new();

    /// <summary>
    /// Epochs between two validations, where the run has a validation set. The last epoch is always followed by one; none is before the
    /// part of the method that predicts has begun to learn. At least 1.
    /// </summary>
    /// <value>The default value is 1.</value>
    public int ValidationEvery { get; init; } = 1;

    /// <summary>
    /// Ends the training after so many validations in a row that did not lower the generalized energy distance. At least 1; needs a
    /// validation set.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: never.</value>
    public int? EarlyStoppingPatience { get; init; }

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it, its value and the range.</exception>
    public void Validate()
    {
        OptionRange.Require(BatchSize >= 2 && BatchSize % 2 == 0, nameof(BatchSize), BatchSize, "an even number of at least 2");
        OptionRange.RequirePositive(LearningRate, nameof(LearningRate));
        IntensityWindow?.Validate();
        Windows?.Validate();
        OptionRange.Require(Augmentation is not null, nameof(Augmentation), null, "augmentation options");
        Augmentation!.Validate();
        OptionRange.RequireAtLeast(ValidationEvery, 1, nameof(ValidationEvery));
        OptionRange.Require(
            EarlyStoppingPatience is null or >= 1, nameof(EarlyStoppingPatience), EarlyStoppingPatience, "null or a number of at least 1");
    }

    /// <summary>Refuses early stopping in a run that validates nothing.</summary>
    /// <param name="remedy">What the caller can do.</param>
    /// <exception cref="ArgumentException">There is a patience.</exception>
    internal void RequireNoEarlyStopping(string remedy)
    {
        if (EarlyStoppingPatience is { } patience)
        {
            throw new ArgumentException($"EarlyStoppingPatience is {patience}, but there is no validation set to tell improvement by; {remedy}.");
        }
    }
}
