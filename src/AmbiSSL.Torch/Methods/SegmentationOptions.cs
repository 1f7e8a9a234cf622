using System.Text.Json.Serialization;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;

namespace AmbiSSL;

/// <summary>The options that every segmentation method shares. They are validated when an estimator or a training run is made.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "method")]
[JsonDerivedType(typeof(AmbiSSLOptions), AmbiSSLOptions.Word)]
[JsonDerivedType(typeof(ProbabilisticUNetOptions), ProbabilisticUNetOptions.Word)]
[JsonDerivedType(typeof(DPersonaOptions), DPersonaOptions.Word)]
[JsonDerivedType(typeof(SelfTrainingOptions), SelfTrainingOptions.Word)]
[JsonDerivedType(typeof(CrossPseudoSupervisionOptions), CrossPseudoSupervisionOptions.Word)]
[JsonDerivedType(typeof(ConsistencyRegularizationOptions), ConsistencyRegularizationOptions.Word)]
[JsonDerivedType(typeof(GlobalConfusionMatrixOptions), GlobalConfusionMatrixOptions.Word)]
[JsonDerivedType(typeof(PixelConfusionMatrixOptions), PixelConfusionMatrixOptions.Word)]
[JsonDerivedType(typeof(PiononoOptions), PiononoOptions.Word)]
public abstract record SegmentationOptions
{
    /// <summary>Method word, as the command line and model files spell it.</summary>
    [JsonIgnore]
    public abstract string Method { get; }

    /// <summary>The encoder-decoder that computes features.</summary>
    /// <value>The default value is <see cref="ResNet34Backbone"/>, the paper's size; <see cref="UNetBackbone"/> is the light choice for CPUs.</value>
    public BackboneOptions Backbone { get; init; } = new ResNet34Backbone();

    /// <summary>Dimensions D of the latent code. At least 1.</summary>
    /// <value>The default value is 6.</value>
    public int LatentDimensions { get; init; } = 6;

    /// <summary>Filters of each block of the prior and posterior encoders. At least one, each positive.</summary>
    /// <value>The default value is 16, 32, 64, 128, 256.</value>
    public IReadOnlyList<int> LatentFilters { get; init; } = [16, 32, 64, 128, 256];

    /// <summary>Convolutions in each block of the prior and posterior encoders. At least 1.</summary>
    /// <value>The default value is 3.</value>
    public int LatentConvolutionsPerBlock { get; init; } = 3;

    /// <summary>Masks N drawn for each image. At least 1.</summary>
    /// <value>The default value is 10, as in the paper's tables.</value>
    public int Samples { get; init; } = 10;

    /// <summary>Passes over the unlabeled images, or over the labelled ones where none is unlabeled. At least 1.</summary>
    /// <value>The default value is 100.</value>
    public int Epochs { get; init; } = 100;

    /// <summary>Images in a batch, half of them labelled and half unlabeled where both are used. At least 2, even.</summary>
    /// <value>The default value is 8.</value>
    public int BatchSize { get; init; } = 8;

    /// <summary>Initial learning rate of Adam, taken to zero by a cosine over the epochs. Positive.</summary>
    /// <value>The default value is 1e-4 (section 4.2).</value>
    public double LearningRate { get; init; } = 1e-4;

    /// <summary>Weight of the sum of un-squared norms of the parameters of prior, posterior and the heads' hidden layers. Not negative.</summary>
    /// <value>The default value is 1e-5.</value>
    public double WeightRegularization { get; init; } = 1e-5;

    /// <summary>Random changes of the training images.</summary>
    /// <value>
    /// The default value is flips and rotations, and for the strong view and labelled images intensity changes and rectangles of labelled images.
    /// </value>
    public AugmentationOptions Augmentation { get; init; } = new();

    /// <summary>Which form of Dice loss is used.</summary>
    /// <value>The default value is <see cref="DiceLossKind.Generalized"/>.</value>
    public DiceLossKind DiceLoss { get; init; } = DiceLossKind.Generalized;

    /// <summary>Direction of the Kullback-Leibler divergence between posterior and prior (eqs. 4-6).</summary>
    /// <value>The default value is <see cref="KlDirection.PosteriorToPrior"/>.</value>
    public KlDirection KlDirection { get; init; } = KlDirection.PosteriorToPrior;

    /// <summary>Whether annotation sets are ordered by area, largest first, before the posterior encoder sees them.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool SortAnnotationsByArea { get; init; } = true;

    /// <summary>
    /// The numbers that convolutions compute with, in training and afterwards. <see cref="Precision.BFloat16"/> is for GPUs
    /// and processors that compute with it faster than with 32 bits; on others it is slower.
    /// </summary>
    /// <value>The default value is <see cref="Precision.Float32"/>.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Precision Precision { get; init; }

    /// <summary>Seed of everything random: weights, batches, augmentation, latent codes of the sampled masks.</summary>
    /// <value>The default value is <see langword="null"/>: the seed of the MLContext, or else a random one, recorded in the model.</value>
    public int? Seed { get; init; }

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

    /// <summary>
    /// Folder for the state of the run: one file, written after each epoch, inside long ones, and when the training is cancelled. The same
    /// run (options, images and validation images) started again with this folder continues from it, and on a CPU with as many threads
    /// ends with the same bits as if it had not been interrupted. When the training ends, the file keeps the trained model alone, which the
    /// same run started again returns without training. A file of another run is refused: give each run a folder of its own.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: nothing is written.</value>
    [JsonIgnore]
    public string? CheckpointDirectory { get; init; }

    /// <summary>Time after which the state is written inside an epoch too. Not negative; zero writes it at every step.</summary>
    /// <value>The default value is 10 minutes.</value>
    [JsonIgnore]
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Folder for TensorBoard: after each epoch the loss terms, the learning rate, the images per second, the validation figures and a
    /// sheet of sampled masks. Give each run a folder of its own; a run that is continued adds to it.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: nothing is written.</value>
    [JsonIgnore]
    public string? TensorBoardDirectory { get; init; }

    /// <summary>
    /// Bytes up to which an estimator keeps the decoded images in memory, those of the training and those of the validation apart: a byte for
    /// each value of 8-bit images, four for others, and one for eight pixels of a mask. Images that take more are all in a temporary file
    /// (in <c>MLContext.TempFilePath</c>), so that any number of them needs the same memory; it is gone when the training ends, however it
    /// ends. The result is the same. Not negative; zero always uses the file.
    /// </summary>
    /// <value>The default value is 256 MiB, less than the training itself needs.</value>
    [JsonIgnore]
    public long CacheLimitBytes { get; init; } = ImageCache.DefaultLimitBytes;

    /// <summary>Where tensors are computed.</summary>
    /// <value>The default value is <see cref="ComputeDevice.Auto"/>: the first CUDA device, or else the CPU.</value>
    [JsonIgnore]
    public ComputeDevice Device { get; init; } = ComputeDevice.Auto;

    /// <summary>Receives the state of the run every few steps, on the training thread.</summary>
    /// <value>The default value is <see langword="null"/>.</value>
    [JsonIgnore]
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>Ends the training with an <see cref="OperationCanceledException"/> at the next step.</summary>
    /// <value>The default value is <see cref="CancellationToken.None"/>.</value>
    [JsonIgnore]
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it, its value and the range.</exception>
    public virtual void Validate()
    {
        Require(Backbone is not null, nameof(Backbone), null, "a backbone");
        Backbone!.Validate();
        RequireAtLeast(LatentDimensions, 1, nameof(LatentDimensions));
        Require(LatentFilters is { Count: > 0 } && LatentFilters.All(f => f > 0), nameof(LatentFilters), LatentFilters, "one or more positive numbers");
        RequireAtLeast(LatentConvolutionsPerBlock, 1, nameof(LatentConvolutionsPerBlock));
        RequireAtLeast(Samples, 1, nameof(Samples));
        RequireAtLeast(Epochs, 1, nameof(Epochs));
        Require(BatchSize >= 2 && BatchSize % 2 == 0, nameof(BatchSize), BatchSize, "an even number of at least 2");
        RequirePositive(LearningRate, nameof(LearningRate));
        RequireNotNegative(WeightRegularization, nameof(WeightRegularization));
        Require(Augmentation is not null, nameof(Augmentation), null, "augmentation options");
        Augmentation!.Validate();
        Require(Enum.IsDefined(DiceLoss), nameof(DiceLoss), DiceLoss, "a defined value");
        Require(Enum.IsDefined(KlDirection), nameof(KlDirection), KlDirection, "a defined value");
        Require(Enum.IsDefined(Precision), nameof(Precision), Precision, "a defined value");
        RequireAtLeast(ValidationEvery, 1, nameof(ValidationEvery));
        Require(EarlyStoppingPatience is null or >= 1, nameof(EarlyStoppingPatience), EarlyStoppingPatience, "null or a number of at least 1");
        Require(CheckpointDirectory is not "", nameof(CheckpointDirectory), CheckpointDirectory, "null or the path of a folder");
        Require(CheckpointInterval >= TimeSpan.Zero, nameof(CheckpointInterval), CheckpointInterval, "a time that is not negative");
        Require(CacheLimitBytes >= 0, nameof(CacheLimitBytes), CacheLimitBytes, "a number of bytes that is not negative");
        Require(TensorBoardDirectory is not "", nameof(TensorBoardDirectory), TensorBoardDirectory, "null or the path of a folder");
    }

    /// <summary>Factor on the standard normal noise that a trained model samples with.</summary>
    internal virtual double NoiseScale => 1;

    /// <summary>These options with those at their defaults that change only how a trained model samples.</summary>
    internal virtual SegmentationOptions ForTraining() => this;

    /// <summary>Makes the untrained networks of this method.</summary>
    internal abstract SegmentationMethod CreateMethod(ImageShape shape, int annotators);

    private protected static void Require(bool condition, string name, object? value, string range) =>
        OptionRange.Require(condition, name, value, range);

    private protected static void RequireAtLeast(int value, int minimum, string name) =>
        Require(value >= minimum, name, value, $"a number of at least {minimum}");

    private protected static void RequireNotNegative(double value, string name) =>
        Require(value >= 0 && double.IsFinite(value), name, value, "a number of at least 0");

    private protected static void RequirePositive(double value, string name) =>
        Require(value > 0 && double.IsFinite(value), name, value, "a positive number");

    private protected static void RequireFraction(double value, string name) =>
        Require(value is >= 0 and <= 1, name, value, "a number from 0 to 1");
}
