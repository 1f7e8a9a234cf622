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
    /// <summary>Number of times the coarsest features are smaller than the image, a side. Images are padded to a multiple inside.</summary>
    [JsonIgnore]
    public abstract int Stride { get; }

    /// <summary>Number of decoder blocks.</summary>
    [JsonIgnore]
    public abstract int DecoderBlocks { get; }

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public virtual void Validate()
    {
    }

    /// <summary>Makes an untrained encoder for images of so many channels.</summary>
    internal abstract FeatureEncoder CreateEncoder(int channels);

    /// <summary>Makes an untrained decoder for that encoder.</summary>
    internal abstract FeatureDecoder CreateDecoder();
}

/// <summary>A U-Net: 3x3 convolutions with ReLU, average pooling, bilinear upsampling. The light choice for CPUs.</summary>
public sealed record UNetBackbone : BackboneOptions
{
    /// <summary>Filters of each level, finest first. At least two, each positive.</summary>
    /// <value>The default value is 16, 32, 64, 128, 256.</value>
    public IReadOnlyList<int> Filters { get; init; } = [16, 32, 64, 128, 256];

    /// <summary>Convolutions in each block. At least 1.</summary>
    /// <value>The default value is 2.</value>
    public int ConvolutionsPerBlock { get; init; } = 2;

    /// <summary>
    /// Whether batch normalisation follows each convolution. Without it, the Dice loss of small lesions can settle on empty masks, and the
    /// latent code tends to be ignored.
    /// </summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool BatchNormalization { get; init; } = true;

    /// <inheritdoc/>
    public override int Stride => 1 << (Filters.Count - 1);

    /// <inheritdoc/>
    public override int DecoderBlocks => Filters.Count - 1;

    /// <inheritdoc/>
    public override void Validate()
    {
        OptionRange.Require(Filters is { Count: >= 2 } && Filters.All(f => f > 0), nameof(Filters), Filters, "two or more positive numbers");
        OptionRange.Require(ConvolutionsPerBlock >= 1, nameof(ConvolutionsPerBlock), ConvolutionsPerBlock, "a number of at least 1");
    }

    /// <inheritdoc/>
    internal override FeatureEncoder CreateEncoder(int channels) => new UNetEncoder(channels, this);

    /// <inheritdoc/>
    internal override FeatureDecoder CreateDecoder() => new UNetDecoder(this);
}

/// <summary>
/// torchvision's ResNet34 as encoder and five decoder blocks of 256, 128, 64, 32 and 16 filters: the size of the paper's model.
/// </summary>
public sealed record ResNet34Backbone : BackboneOptions
{
    /// <summary>
    /// A safetensors file of encoder weights under torchvision's names, to start from; read once, when training begins. The classifier's
    /// weights (fc) are left out, and where the images have not three channels, the first convolution starts from the sum over colours.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: random weights.</value>
    [JsonIgnore]
    public string? PretrainedEncoderPath { get; init; }

    /// <inheritdoc/>
    public override int Stride => 32;

    /// <inheritdoc/>
    public override int DecoderBlocks => 5;

    /// <inheritdoc/>
    public override void Validate() =>
        OptionRange.Require(
            PretrainedEncoderPath is null || File.Exists(PretrainedEncoderPath),
            nameof(PretrainedEncoderPath),
            PretrainedEncoderPath,
            "a safetensors file that exists");

    /// <inheritdoc/>
    internal override FeatureEncoder CreateEncoder(int channels)
    {
        var encoder = new ResNet34Encoder(channels);
        if (PretrainedEncoderPath is { } path)
        {
            encoder.LoadPretrained(path);
        }

        return encoder;
    }

    /// <inheritdoc/>
    internal override FeatureDecoder CreateDecoder() => new ResNet34Decoder();
}
