using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Metrics;

namespace AmbiSSL.Torch.Answers;

/// <summary>What a model does to its samples and to their mean: what <c>Calibrate</c> chooses, and the model keeps.</summary>
/// <param name="Classes">The classes K of its masks.</param>
internal sealed record AnswerSettings(MaskClasses Classes)
{
    /// <summary>What is done to every mask, to each class.</summary>
    public IReadOnlyList<PostProcessing> PostProcessing { get; init; } = [.. Enumerable.Repeat(AmbiSSL.PostProcessing.None, Classes.Count)];

    /// <summary>The probability above which a pixel is in the consensus; at least 0, below 1.</summary>
    public double ConsensusThreshold { get; init; } = 0.5;

    /// <summary>The temperature of the probability, above 0.</summary>
    public double Temperature { get; init; } = TemperatureScaling.Neutral;

    /// <summary>The outlines around what is certain and what is possible; null for none.</summary>
    public ConformalOutlines? Outlines { get; init; }

    /// <summary>Checks the numbers, and that there is something for each class.</summary>
    /// <exception cref="ArgumentException">One is out of its range, or there is more or less.</exception>
    public void Validate()
    {
        PostProcessing.ForClasses(Classes);
        OptionRange.Require(ConsensusThreshold is >= 0 and < 1, nameof(ConsensusThreshold), ConsensusThreshold, "at least 0 and below 1");
        TemperatureScaling.Require(Temperature);
        Outlines?.Validate(Classes);
    }

    /// <summary>Brings probabilities [B, K, H, W] to the temperature.</summary>
    /// <param name="probability">The probabilities of the samples' mean.</param>
    /// <param name="pixels">H·W.</param>
    public void Scale(Span<float> probability, int pixels) => TemperatureScaling.Apply(probability, Temperature, Classes, pixels);

    /// <summary>Does the post-processing to masks [B, N, K, H, W] of 0 and 1.</summary>
    /// <param name="masks">The masks.</param>
    /// <param name="size">Height and width.</param>
    public void Clean(Span<byte> masks, ImageSize size) => PostProcessing.ApplyToEach(masks, size, Classes);

    /// <summary>Draws the consensus of images.</summary>
    /// <param name="probability">[B, K, H, W], at the temperature.</param>
    /// <param name="masks">Receives [B, K, H, W], 0 or 1.</param>
    /// <param name="size">Height and width.</param>
    public void Consensus(ReadOnlySpan<float> probability, Span<byte> masks, ImageSize size)
    {
        var length = Classes.Count * size.PixelCount;
        for (var start = 0; start < masks.Length; start += length)
        {
            ClassProbabilities.Harden(Classes, probability.Slice(start, length), ConsensusThreshold, masks.Slice(start, length));
        }

        Clean(masks, size);
    }
}
