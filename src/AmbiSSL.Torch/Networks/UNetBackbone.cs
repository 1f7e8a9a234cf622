using System.Text.Json.Serialization;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Networks;

namespace AmbiSSL;

/// <summary>A U-Net: 3x3 convolutions with ReLU, average pooling, bilinear upsampling. The light choice for CPUs.</summary>
public sealed record UNetBackbone : BackboneOptions
{
    /// <summary>Most convolutions in a block.</summary>
    internal const int MostConvolutions = 100;

    /// <summary>Filters of each level, finest first. Two to sixteen, each positive.</summary>
    /// <value>The default value is 16, 32, 64, 128, 256.</value>
    public IReadOnlyList<int> Filters { get; init; } = [16, 32, 64, 128, 256];

    /// <summary>Convolutions in each block. From 1 to 100.</summary>
    /// <value>The default value is 2.</value>
    public int ConvolutionsPerBlock { get; init; } = 2;

    /// <summary>
    /// Whether batch normalization follows each convolution. Without it, the Dice loss of small lesions can settle on empty masks, and the
    /// latent code tends to be ignored.
    /// </summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool BatchNormalization { get; init; } = true;

    /// <inheritdoc/>
    [JsonIgnore]
    public override int Stride => 1 << (Filters.Count - 1);

    /// <inheritdoc/>
    [JsonIgnore]
    public override int DecoderBlocks => Filters.Count - 1;

    /// <inheritdoc/>
    internal override int CoarsestFeatures => Filters[^1];

    /// <inheritdoc/>
    internal override bool NormalizesBatches => BatchNormalization && base.NormalizesBatches;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        OptionRange.Require(
            BatchNormalization || Normalization == FeatureNormalization.Batch,
            nameof(Normalization),
            Normalization,
            "left out where BatchNormalization is false");
        OptionRange.Require(
            Filters is { Count: >= 2 and <= 16 } && Filters.All(f => f > 0), nameof(Filters), Filters, "two to sixteen positive numbers");
        OptionRange.RequireBetween(ConvolutionsPerBlock, 1, MostConvolutions, nameof(ConvolutionsPerBlock));
    }

    /// <inheritdoc/>
    internal override FeatureEncoder CreateEncoder(int channels) => new UNetEncoder(channels, this);

    /// <inheritdoc/>
    internal override FeatureDecoder CreateDecoder() => new UNetDecoder(this);
}
