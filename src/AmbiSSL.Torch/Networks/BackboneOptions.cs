using System.Text.Json.Serialization;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Networks;

namespace AmbiSSL;

/// <summary>The encoder-decoder that turns an image into features.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(UNetBackbone), "unet")]
[JsonDerivedType(typeof(ResNet34Backbone), "resnet34")]
public abstract record BackboneOptions
{
    /// <summary>Over what features are normalized.</summary>
    /// <value>The default value is <see cref="FeatureNormalization.Batch"/>.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public FeatureNormalization Normalization { get; init; }

    /// <summary>Number of times the coarsest features are smaller than the image, a side. Images are padded to a multiple inside.</summary>
    [JsonIgnore]
    public abstract int Stride { get; }

    /// <summary>Number of decoder blocks.</summary>
    [JsonIgnore]
    public abstract int DecoderBlocks { get; }

    /// <summary>Number of the coarsest features.</summary>
    internal abstract int CoarsestFeatures { get; }

    /// <summary>Whether each feature is normalized over the images of a batch.</summary>
    internal virtual bool NormalizesBatches => Normalization == FeatureNormalization.Batch;

    /// <summary>Whether each feature is normalized over its image alone.</summary>
    internal bool NormalizesEachImage => Normalization == FeatureNormalization.Instance;

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public virtual void Validate() => OptionRange.RequireDefined(Normalization, nameof(Normalization));

    /// <summary>Makes an untrained encoder for images of so many channels.</summary>
    internal abstract FeatureEncoder CreateEncoder(int channels);

    /// <summary>Makes an untrained decoder for that encoder.</summary>
    internal abstract FeatureDecoder CreateDecoder();
}
