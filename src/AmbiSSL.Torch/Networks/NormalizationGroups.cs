using AmbiSSL.Torch.Foundation;

namespace AmbiSSL.Torch.Networks;

/// <summary>How many groups of channels are normalized each by itself.</summary>
internal static class NormalizationGroups
{
    private const int MostChannels = 8;

    /// <summary>A normalization of so many channels.</summary>
    public static ImageNormalization Create(FeatureNormalization over, int channels) => new(channels, Of(over, channels));

    /// <summary>Groups of so many channels; null where whole batches are normalized.</summary>
    public static int? Of(FeatureNormalization over, int channels) => over switch
    {
        FeatureNormalization.Batch => null,
        FeatureNormalization.Group => channels / Enumerable.Range(1, Math.Min(MostChannels, channels)).Last(size => channels % size == 0),
        _ => channels,
    };
}
