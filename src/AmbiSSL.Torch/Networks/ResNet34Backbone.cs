using System.Text.Json.Serialization;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Networks;

namespace AmbiSSL;

/// <summary>
/// torchvision's ResNet34 as encoder and five decoder blocks of 256, 128, 64, 32 and 16 filters: the size of the paper's model.
/// </summary>
public sealed record ResNet34Backbone : BackboneOptions
{
    /// <summary>
    /// A safetensors file of encoder weights under the names of torchvision's or timm's resnet34, to start from; read once, when training begins. The
    /// classifier's weights (fc) are left out, and where the images have not three channels, the first convolution starts from the sum over colors. What
    /// matched is in ML.NET's log; a weight that is missing, has another shape or no place is refused with its name.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: random weights.</value>
    [JsonIgnore]
    public string? PretrainedEncoderPath { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override int Stride => 32;

    /// <inheritdoc/>
    [JsonIgnore]
    public override int DecoderBlocks => 5;

    /// <inheritdoc/>
    internal override int CoarsestFeatures => 512;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        OptionRange.Require(
            PretrainedEncoderPath is null || File.Exists(PretrainedEncoderPath),
            nameof(PretrainedEncoderPath),
            PretrainedEncoderPath,
            "a safetensors file that exists");
        OptionRange.Require(
            PretrainedEncoderPath is null || Normalization == FeatureNormalization.Batch,
            nameof(Normalization),
            Normalization,
            "Batch where PretrainedEncoderPath is set, whose weights were trained so");
    }

    /// <inheritdoc/>
    internal override FeatureEncoder CreateEncoder(int channels)
    {
        var encoder = new ResNet34Encoder(channels, NormalizesEachImage);
        if (PretrainedEncoderPath is { } path)
        {
            encoder.LoadPretrained(path);
        }

        return encoder;
    }

    /// <inheritdoc/>
    internal override FeatureDecoder CreateDecoder() => new ResNet34Decoder(NormalizesEachImage);
}
