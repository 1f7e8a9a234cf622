using AmbiSSL.Torch.Metrics;

namespace AmbiSSL;

/// <summary>How uncertain a model is about a whole image: its uncertainty map as one number, in three ways. The map's unit is the bit.</summary>
/// <param name="Mean">The mean over all pixels. A large lesion has more pixels on its border, and so a larger mean.</param>
/// <param name="PatchMaximum">
/// The largest mean over a square of <see cref="PatchSide"/> pixels anywhere in the image (Kahl et al., ValUES, ICLR 2024), or over the whole side where the
/// image is smaller: one doubtful place counts, however large the image.
/// </param>
/// <param name="PerForegroundPixel">
/// The sum over all pixels divided by the number of pixels whose probability is above one half, or that are more probably of a class than of none: doubt in relation to the size of what is found. NaN where there
/// is no such pixel.
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
        var inside = new byte[probability.Length];
        ClassProbabilities.Harden(classes, probability, 0.5, inside);
        var sums = new double[size.Height + 1, size.Width + 1];
        var foreground = 0;
        for (var pixel = 0; pixel < size.PixelCount; pixel++)
        {
            var (y, x) = Math.DivRem(pixel, size.Width);
            sums[y + 1, x + 1] = uncertainty[pixel] + sums[y, x + 1] + sums[y + 1, x] - sums[y, x];
            for (var plane = pixel; plane < inside.Length; plane += size.PixelCount)
            {
                if (inside[plane] != 0)
                {
                    foreground++;
                    break;
                }
            }
        }

        var total = sums[size.Height, size.Width];
        return new UncertaintyScores(total / size.PixelCount, LargestPatch(sums, size), foreground > 0 ? total / foreground : double.NaN);
    }

    /// <param name="sums">The sum over all pixels above and to the left of each corner.</param>
    /// <param name="size">Height and width.</param>
    private static double LargestPatch(double[,] sums, ImageSize size)
    {
        var (height, width) = (Math.Min(PatchSide, size.Height), Math.Min(PatchSide, size.Width));
        var largest = 0.0;
        for (var y = height; y <= size.Height; y++)
        {
            for (var x = width; x <= size.Width; x++)
            {
                largest = Math.Max(largest, sums[y, x] - sums[y - height, x] - sums[y, x - width] + sums[y - height, x - width]);
            }
        }

        return largest / (height * width);
    }
}
