using System.Text.Json.Serialization;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;

namespace AmbiSSL;

/// <summary>
/// A method and what defines its model, stored with it: its networks, its losses, how many masks it draws. <see cref="Training"/> says how it is
/// trained; where and with what it runs is in <see cref="RunOptions"/>, which are never stored.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "method")]
[JsonDerivedType(typeof(AmbiSSLOptions), AmbiSSLOptions.Word)]
[JsonDerivedType(typeof(SupervisedOptions), SupervisedOptions.Word)]
[JsonDerivedType(typeof(ProbabilisticUNetOptions), ProbabilisticUNetOptions.Word)]
[JsonDerivedType(typeof(DPersonaOptions), DPersonaOptions.Word)]
[JsonDerivedType(typeof(SelfTrainingOptions), SelfTrainingOptions.Word)]
[JsonDerivedType(typeof(CrossPseudoSupervisionOptions), CrossPseudoSupervisionOptions.Word)]
[JsonDerivedType(typeof(ConsistencyRegularizationOptions), ConsistencyRegularizationOptions.Word)]
[JsonDerivedType(typeof(GlobalConfusionMatrixOptions), GlobalConfusionMatrixOptions.Word)]
[JsonDerivedType(typeof(PixelConfusionMatrixOptions), PixelConfusionMatrixOptions.Word)]
[JsonDerivedType(typeof(PiononoOptions), PiononoOptions.Word)]
[JsonDerivedType(typeof(StochasticSegmentationOptions), StochasticSegmentationOptions.Word)]
[JsonDerivedType(typeof(OneMaskOptions), OneMaskOptions.Word)]
public abstract record SegmentationOptions
{
    /// <summary>The method's word, as the command line and model files spell it.</summary>
    [JsonIgnore]
    public abstract string MethodName { get; }

    /// <summary>The encoder-decoder that computes features.</summary>
    /// <value>The default value is <see cref="ResNet34Backbone"/>, the paper's size; <see cref="UNetBackbone"/> is the light choice for CPUs.</value>
    public BackboneOptions Backbone { get; init; } = new ResNet34Backbone();

    /// <summary>
    /// The numbers that convolutions compute with, in training and afterwards. <see cref="Precision.BFloat16"/> is for GPUs
    /// and processors that compute with it faster than with 32 bits; on others it is slower.
    /// </summary>
    /// <value>The default value is <see cref="Precision.Float32"/>.</value>
    public Precision Precision { get; init; }

    /// <summary>Most masks that are drawn for an image.</summary>
    internal const int MostMasks = 100_000;

    /// <summary>Most numbers of a latent code.</summary>
    internal const int MostLatentDimensions = 10_000;

    /// <summary>Masks N drawn for each image. From 1 to 100000.</summary>
    /// <value>The default value is 10, as in the paper's tables.</value>
    public int Samples { get; init; } = 10;

    /// <summary>
    /// Whether the trained model averages each sample's probabilities over the image and its three mirror images, which see the same noise: four forwards in
    /// place of one. Training is the same. Not with <see cref="StochasticSegmentationOptions"/>, whose noise of single pixels does not turn with the image.
    /// </summary>
    /// <value>The default value is <see langword="false"/>.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool AverageMirrorImages { get; init; }

    /// <summary>Passes over the unlabeled images, or over the labeled ones where none is unlabeled. At least 1.</summary>
    /// <value>The default value is 100.</value>
    public int Epochs { get; init; } = 100;

    /// <summary>How it is trained: batches, learning rate, augmentation, validation.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>Seed of everything random: weights, batches, augmentation, latent codes of the sampled masks.</summary>
    /// <value>The default value is <see langword="null"/>: the seed of the MLContext, or else a random one, recorded in the model.</value>
    public int? Seed { get; init; }

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it, its value and the range.</exception>
    public virtual void Validate()
    {
        OptionRange.Require(Backbone is not null, nameof(Backbone), null, "a backbone");
        Backbone!.Validate();
        OptionRange.RequireDefined(Precision, nameof(Precision));
        OptionRange.RequireBetween(Samples, 1, MostMasks, nameof(Samples));
        OptionRange.RequireAtLeast(Epochs, 1, nameof(Epochs));
        OptionRange.Require(Training is not null, nameof(Training), null, "training options");
        Training!.Validate();
    }

    /// <summary>Whether the method knows its annotators apart and draws a mask for each.</summary>
    [JsonIgnore]
    public virtual bool KnowsAnnotators => false;

    /// <summary>Makes the untrained networks of this method.</summary>
    internal abstract SegmentationMethod CreateMethod(ImageShape shape, int annotators, MaskClasses classes);
}
