namespace AmbiSSL.Torch.Metrics;

/// <summary>The soft Dice score between the mean prediction and the mean annotation of an image, eq. 23.</summary>
/// <remarks>
/// Both means are thresholded at the same values, strictly, and the Dice similarities are averaged; two empty masks give 1. A mean that
/// equals a threshold, such as 3 of 10 binary samples at 0.3, is background: each mean is one division, compared in the precision in
/// which it was rounded.
/// </remarks>
internal static class SoftDice
{
    private static readonly double[] PaperThresholds = [0.1, 0.3, 0.5, 0.7, 0.9];

    /// <summary>The thresholds of the published results: 0.1, 0.3, 0.5, 0.7 and 0.9.</summary>
    public static ReadOnlySpan<double> Thresholds => PaperThresholds;

    /// <summary>Eq. 23 from a map of mean probability, as an ML.NET column holds it.</summary>
    /// <param name="meanProbability">
    /// H·W values in [H, W] order, 0 to 1, each the mean over the samples rounded once to single precision; NaN is background.
    /// </param>
    /// <param name="annotations">M expert masks <c>[H, W]</c>, at least one.</param>
    /// <returns>0 to 1.</returns>
    /// <exception cref="ArgumentException">There is no annotation, or sizes differ.</exception>
    public static double Compute(ReadOnlySpan<float> meanProbability, ReadOnlySpan<BitMask> annotations) =>
        PerThreshold(meanProbability, annotations, Thresholds).Average();

    /// <summary>The Dice similarity at each threshold, from a map of mean probability.</summary>
    /// <param name="meanProbability">H·W values in [H, W] order, 0 to 1, each rounded once to single precision; NaN is background.</param>
    /// <param name="annotations">M expert masks <c>[H, W]</c>, at least one.</param>
    /// <param name="thresholds">T values, each at least 0 and less than 1.</param>
    /// <returns>T values, 0 to 1.</returns>
    /// <exception cref="ArgumentException">There is no annotation, or sizes differ.</exception>
    public static double[] PerThreshold(
        ReadOnlySpan<float> meanProbability, ReadOnlySpan<BitMask> annotations, ReadOnlySpan<double> thresholds)
    {
        MetricArguments.RequireSet(annotations, nameof(annotations));
        MetricArguments.RequireOneMap(meanProbability.Length, annotations[0].Height, annotations[0].Width, nameof(meanProbability));
        var scores = new double[thresholds.Length];
        for (int i = 0; i < scores.Length; i++)
        {
            var predicted = BitMask.FromProbabilities(
                meanProbability, annotations[0].Height, annotations[0].Width, (float)thresholds[i]);
            scores[i] = MaskOverlap.Dice(predicted, MeanAbove(annotations, thresholds[i]));
        }

        return scores;
    }

    private static BitMask MeanAbove(ReadOnlySpan<BitMask> masks, double threshold)
    {
        int votes = 1;
        while (votes <= masks.Length && !((double)votes / masks.Length > threshold))
        {
            votes++;
        }

        return BitMask.FromVotes(masks, votes);
    }
}
