using System.Text.Json.Serialization;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;

namespace AmbiSSL;

/// <summary>
/// Options of the plain network that all others are held against: encoder, decoder and one mask for each image, learned by Dice loss and
/// cross-entropy from labeled images alone; unlabeled ones only set the length of an epoch. Several of them, trained from different seeds, are the
/// plain ensemble.
/// </summary>
/// <remarks>All sampled masks of an image are the same.</remarks>
public sealed record OneMaskOptions : SegmentationOptions
{
    /// <summary>The method's word.</summary>
    public const string Word = "one-mask";

    /// <summary>Makes the default options.</summary>
    public OneMaskOptions() => Samples = 1;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string MethodName => Word;

    /// <summary>Which mask it learns of an image with several.</summary>
    /// <value>The default value is <see cref="OneMaskTarget.Annotation"/>.</value>
    public OneMaskTarget Target { get; init; }

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        OptionRange.RequireDefined(Target, nameof(Target));
    }

    /// <inheritdoc/>
    internal override SegmentationMethod CreateMethod(ImageShape shape, int annotators, MaskClasses classes) => new OneMaskMethod(this, shape, classes);
}
