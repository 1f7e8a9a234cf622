using AmbiSSL.Torch.Answers;

namespace AmbiSSL;

/// <summary>How uncertain a model is about a whole image: its uncertainty map as one number, in three ways. The map's unit is the bit.</summary>
/// <param name="Mean">The mean over all pixels. A large lesion has more pixels on its border, and so a larger mean.</param>
/// <param name="PatchMaximum">
/// The largest mean over a square of <see cref="PatchSide"/> pixels anywhere in the image (Kahl et al., ValUES, ICLR 2024), or over the whole side where the
/// image is smaller: one doubtful place counts, however large the image.
/// </param>
/// <param name="PerForegroundPixel">
/// The sum over all pixels divided by the number of pixels of which a class has a probability above one half, or, where classes exclude each other, above
/// that of background: doubt in relation to the size of what is found. NaN where there is no such pixel.
/// </param>
public readonly record struct UncertaintyScores(double Mean, double PatchMaximum, double PerForegroundPixel)
{
    /// <summary>Side of the square of <see cref="PatchMaximum"/>, in pixels.</summary>
    public const int PatchSide = 10;

    /// <summary>Aggregates a map.</summary>
    /// <param name="uncertainty">H·W values in [H, W] order, in bits.</param>
    /// <param name="probability">K·H·W values in [K, H, W] order, 0 to 1.</param>
    /// <param name="size">Height and width.</param>
    /// <param name="classes">The classes K; null for one.</param>
    /// <exception cref="ArgumentException">A map has fewer or more values.</exception>
    public static UncertaintyScores Of(ReadOnlySpan<float> uncertainty, ReadOnlySpan<float> probability, ImageSize size, MaskClasses? classes = null)
    {
        classes ??= MaskClasses.One;
        size.RequireValues(uncertainty.Length, nameof(uncertainty), nameof(uncertainty));
        size.RequireValues(probability.Length, nameof(probability), nameof(probability), classes.Count);
        var meter = new UncertaintyMeter(size, classes);
        var row = new float[classes.Count * size.Width];
        for (var start = 0; start < uncertainty.Length; start += size.Width)
        {
            for (var position = 0; position < classes.Count; position++)
            {
                probability.Slice((position * size.PixelCount) + start, size.Width).CopyTo(row.AsSpan(position * size.Width));
            }

            meter.Add(uncertainty.Slice(start, size.Width), row);
        }

        return meter.Scores();
    }
}
