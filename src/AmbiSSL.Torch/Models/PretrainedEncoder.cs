using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Networks;

namespace AmbiSSL.Torch.Models;

/// <summary>The encoder weights that a training starts from.</summary>
internal static class PretrainedEncoder
{
    /// <summary>What matches of the file that the options name; null where they name none.</summary>
    /// <param name="options">The options.</param>
    /// <param name="channels">Channels of the images.</param>
    /// <exception cref="InvalidDataException">The file does not fit.</exception>
    public static string? Describe(SegmentationOptions options, int channels)
    {
        if (options.Backbone is not ResNet34Backbone { PretrainedEncoderPath: { } path })
        {
            return null;
        }

        using var stream = RegularFile.Open(path, "Weights file");
        return PretrainedWeights.RequireFit(path, PretrainedWeights.ReadHeader(stream, path).Entries, WeightTable.Encoder(options.Backbone, channels));
    }
}
