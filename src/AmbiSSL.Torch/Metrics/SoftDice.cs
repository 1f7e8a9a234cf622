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
        Mean(PerThreshold(meanProbability, annotations, Thresholds));

    /// <summary>Eq. 23 from the probability maps of the samples.</summary>
    /// <param name="probabilities">N·H·W values in [N, H, W] order, 0 to 1; NaN is background.</param>
    /// <param name="sampleCount">Number of samples N, at least 1.</param>
    /// <param name="annotations">M expert masks <c>[H, W]</c>, at least one.</param>
    /// <returns>0 to 1.</returns>
    /// <exception cref="ArgumentException">There is no annotation, or sizes differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of samples is less than 1.</exception>
    public static double Compute(ReadOnlySpan<float> probabilities, int sampleCount, ReadOnlySpan<BitMask> annotations) =>
        Mean(PerThreshold(probabilities, sampleCount, annotations, Thresholds));

    /// <summary>Eq. 23 from binary samples.</summary>
    /// <param name="samples">N predicted masks <c>[H, W]</c>, at least one.</param>
    /// <param name="annotations">M expert masks <c>[H, W]</c>, at least one.</param>
    /// <returns>0 to 1.</returns>
    /// <exception cref="ArgumentException">A set is empty, or sizes differ.</exception>
    public static double Compute(ReadOnlySpan<BitMask> samples, ReadOnlySpan<BitMask> annotations) =>
        Mean(PerThreshold(samples, annotations, Thresholds));

    /// <summary>The Dice similarity at each threshold, from a map of mean probability.</summary>
    /// <param name="meanProbability">H·W values in [H, W] order, 0 to 1, each rounded once to single precision; NaN is background.</param>
    /// <param name="annotations">M expert masks <c>[H, W]</c>, at least one.</param>
    /// <param name="thresholds">T values, each at least 0 and less than 1.</param>
    /// <returns>T values, 0 to 1.</returns>
    /// <exception cref="ArgumentException">There is no annotation or threshold, or sizes differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A threshold is out of range.</exception>
    public static double[] PerThreshold(
        ReadOnlySpan<float> meanProbability, ReadOnlySpan<BitMask> annotations, ReadOnlySpan<double> thresholds)
    {
        MetricArguments.RequireSet(annotations, 1, nameof(annotations));
        MetricArguments.RequireOneMap(meanProbability.Length, annotations[0].Height, annotations[0].Width, nameof(meanProbability));
        RequireThresholds(thresholds);
        var scores = new double[thresholds.Length];
        for (int i = 0; i < scores.Length; i++)
        {
            var predicted = BitMask.FromProbabilities(
                meanProbability, annotations[0].Height, annotations[0].Width, (float)thresholds[i]);
            scores[i] = MaskOverlap.Dice(predicted, MeanAbove(annotations, thresholds[i]));
        }

        return scores;
    }

    /// <summary>The Dice similarity at each threshold, from the probability maps of the samples.</summary>
    /// <param name="probabilities">N·H·W values in [N, H, W] order, 0 to 1; NaN is background.</param>
    /// <param name="sampleCount">Number of samples N, at least 1.</param>
    /// <param name="annotations">M expert masks <c>[H, W]</c>, at least one.</param>
    /// <param name="thresholds">T values, each at least 0 and less than 1.</param>
    /// <returns>T values, 0 to 1.</returns>
    /// <exception cref="ArgumentException">There is no annotation or threshold, or sizes differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of samples or a threshold is out of range.</exception>
    public static double[] PerThreshold(
        ReadOnlySpan<float> probabilities, int sampleCount, ReadOnlySpan<BitMask> annotations, ReadOnlySpan<double> thresholds)
    {
        MetricArguments.RequireSet(annotations, 1, nameof(annotations));
        RequireSamples(probabilities, sampleCount, annotations[0]);
        RequireThresholds(thresholds);
        double[] mean = MeanOverSamples(probabilities, sampleCount);
        var scores = new double[thresholds.Length];
        for (int i = 0; i < scores.Length; i++)
        {
            var predicted = BitMask.FromValues(mean, annotations[0].Height, annotations[0].Width, thresholds[i]);
            scores[i] = MaskOverlap.Dice(predicted, MeanAbove(annotations, thresholds[i]));
        }

        return scores;
    }

    /// <summary>The Dice similarity at each threshold, from binary samples.</summary>
    /// <param name="samples">N predicted masks <c>[H, W]</c>, at least one.</param>
    /// <param name="annotations">M expert masks <c>[H, W]</c>, at least one.</param>
    /// <param name="thresholds">T values, each at least 0 and less than 1.</param>
    /// <returns>T values, 0 to 1.</returns>
    /// <exception cref="ArgumentException">A set is empty, there is no threshold, or sizes differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A threshold is out of range.</exception>
    public static double[] PerThreshold(
        ReadOnlySpan<BitMask> samples, ReadOnlySpan<BitMask> annotations, ReadOnlySpan<double> thresholds)
    {
        MetricArguments.RequireSets(samples, annotations);
        RequireThresholds(thresholds);
        var scores = new double[thresholds.Length];
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = MaskOverlap.Dice(MeanAbove(samples, thresholds[i]), MeanAbove(annotations, thresholds[i]));
        }

        return scores;
    }

    private static void RequireSamples(ReadOnlySpan<float> probabilities, int sampleCount, BitMask annotation)
    {
        if (sampleCount < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(sampleCount), sampleCount, $"The number of samples is {sampleCount}; it must be at least 1. Give N of [N, H, W].");
        }

        if (probabilities.Length != (long)sampleCount * annotation.PixelCount)
        {
            throw new ArgumentException(
                $"There are {probabilities.Length} probabilities; {sampleCount} samples of {annotation.Height}x{annotation.Width} need "
                + $"{(long)sampleCount * annotation.PixelCount}. Give N·H·W values, one sample after the other.",
                nameof(probabilities));
        }
    }

    private static void RequireThresholds(ReadOnlySpan<double> thresholds)
    {
        if (thresholds.IsEmpty)
        {
            throw new ArgumentException("There are 0 thresholds; at least 1 is needed. Give SoftDice.Thresholds.", nameof(thresholds));
        }

        foreach (double threshold in thresholds)
        {
            if (!(threshold >= 0 && threshold < 1))
            {
                throw new ArgumentOutOfRangeException(
                    nameof(thresholds),
                    threshold,
                    $"A threshold is {threshold}; it must be at least 0 and less than 1. Give probabilities, such as SoftDice.Thresholds.");
            }
        }
    }

    private static double[] MeanOverSamples(ReadOnlySpan<float> probabilities, int sampleCount)
    {
        var mean = new double[probabilities.Length / sampleCount];
        for (int sample = 0; sample < sampleCount; sample++)
        {
            ReadOnlySpan<float> map = probabilities.Slice(sample * mean.Length, mean.Length);
            for (int i = 0; i < mean.Length; i++)
            {
                mean[i] += map[i];
            }
        }

        for (int i = 0; i < mean.Length; i++)
        {
            mean[i] /= sampleCount;
        }

        return mean;
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

    private static double Mean(double[] scores)
    {
        double sum = 0;
        foreach (double score in scores)
        {
            sum += score;
        }

        return sum / scores.Length;
    }
}
