using AmbiSSL.Torch.Foundation;

namespace AmbiSSL;

/// <summary>What an ONNX file of a model takes beside the image: see <see cref="SegmentationModel.ExportOnnx"/>.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>
    /// Masks N whose latent codes' noise is in the file, spread evenly or drawn as the model's options say, the same for every image: the image is then the
    /// only input. From 1 to 100000.
    /// </summary>
    /// <value>
    /// The default value is <see langword="null"/>: the noise is an input, and with it the number of masks. Methods without latent codes have no such
    /// input; null then means a mask of each annotator, or the one that there is.
    /// </value>
    public int? BakedSamples { get; init; }

    /// <summary>Seed of the noise that is in the file.</summary>
    /// <value>The default value is <see langword="null"/>: the model's own seed.</value>
    public int? BakedSeed { get; init; }

    /// <summary>
    /// Images like those that the file will see, at most 64 of which, spread evenly over the source, the model looks at: encoders and decoders then
    /// compute with integers of 8 bits, spread over the values that were seen. Heads compute with 32 bits. Masks are not looked at.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: all computes with 32 bits.</value>
    public ImageSource? Int8Images { get; init; }

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentException">One is out of its range, or has no effect.</exception>
    internal void Validate()
    {
        OptionRange.Require(
            BakedSamples is null or (>= 1 and <= SegmentationOptions.MostMasks), nameof(BakedSamples), BakedSamples, "a number from 1 to 100000, or null");
        OptionRange.Require(
            BakedSeed is null || BakedSamples is not null, nameof(BakedSeed), BakedSeed, $"null where {nameof(BakedSamples)} is null, since no noise is drawn");
    }
}
