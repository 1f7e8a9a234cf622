namespace AmbiSSL.Torch.Metrics;

/// <summary>How well the mean probability of a pixel agrees with the share of experts who call it foreground.</summary>
/// <remarks>
/// All pixels of the image count, so an image that is mostly background scores low values: compare models on the same images only.
/// </remarks>
internal static class Calibration
{
    /// <summary>The default number of bins, 15.</summary>
    public const int DefaultBins = 15;

    /// <summary>Expected calibration error: the mean over pixels of |mean probability - share of foreground votes| of their bin.</summary>
    /// <remarks>
    /// Bins have equal width; bin b of B holds b/B &lt;= p &lt; (b+1)/B, the last one p = 1 too. Votes of all annotations are pooled, which
    /// equals the error against the mean annotation. (Guo et al. 2017, with the probability of foreground as confidence.)
    /// </remarks>
    /// <param name="probability">H·W values in [H, W] order, 0 to 1.</param>
    /// <param name="annotations">M expert masks <c>[H, W]</c>, at least one.</param>
    /// <param name="bins">Number of bins B, at least 1. The default value is 15.</param>
    /// <returns>0 to 1; smaller is better.</returns>
    /// <exception cref="ArgumentException">There is no annotation, or sizes differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A probability lies outside 0 to 1, or there are fewer than 1 bins.</exception>
    public static double ExpectedCalibrationError(
        ReadOnlySpan<float> probability, ReadOnlySpan<BitMask> annotations, int bins = DefaultBins)
    {
        Validate(probability, annotations);
        if (bins < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(bins), bins, $"The number of bins is {bins}; it must be at least 1. The usual number is {DefaultBins}.");
        }

        int[] votes = CountVotes(annotations);
        var probabilitySum = new double[bins];
        var voteSum = new long[bins];
        for (int i = 0; i < probability.Length; i++)
        {
            int bin = Bin(probability[i], bins);
            probabilitySum[bin] += probability[i];
            voteSum[bin] += votes[i];
        }

        double error = 0;
        for (int bin = 0; bin < bins; bin++)
        {
            error += Math.Abs(probabilitySum[bin] - ((double)voteSum[bin] / annotations.Length));
        }

        return error / probability.Length;
    }

    /// <summary>
    /// Adaptive calibration error (Nixon et al. 2019): the mean over ranges that hold equally many pixels, in the order of their probability, of |mean
    /// probability - share of foreground votes|.
    /// </summary>
    /// <remarks>
    /// Of N samples a probability has N + 1 values, and most pixels share one. Pixels of equal probability all count with the share of votes of them together,
    /// and are divided where a range ends, so that their order does not matter.
    /// </remarks>
    /// <param name="probability">H·W values in [H, W] order, 0 to 1.</param>
    /// <param name="annotations">M expert masks <c>[H, W]</c>, at least one.</param>
    /// <param name="ranges">Number of ranges, at least 1. The default value is 15.</param>
    /// <returns>0 to 1; smaller is better.</returns>
    /// <exception cref="ArgumentException">There is no annotation, or sizes differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A probability lies outside 0 to 1, or there are fewer than 1 ranges.</exception>
    public static double AdaptiveCalibrationError(
        ReadOnlySpan<float> probability, ReadOnlySpan<BitMask> annotations, int ranges = DefaultBins)
    {
        Validate(probability, annotations);
        ArgumentOutOfRangeException.ThrowIfLessThan(ranges, 1);
        var (sorted, votes) = (probability.ToArray(), CountVotes(annotations));
        Array.Sort(sorted, votes);

        // A pixel is divided into as many parts as there are ranges: a range then holds as many parts as there are pixels.
        var (error, difference, room) = (0.0, 0.0, (long)sorted.Length);
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            for (end = start + 1; end < sorted.Length && sorted[end] == sorted[start]; end++)
            {
            }

            var share = votes.AsSpan(start, end - start).ToArray().Average() / annotations.Length;
            for (var parts = (long)(end - start) * ranges; parts > 0;)
            {
                var taken = Math.Min(parts, room);
                difference += taken * (sorted[start] - share);
                (parts, room) = (parts - taken, room - taken);
                if (room == 0)
                {
                    error += Math.Abs(difference);
                    (difference, room) = (0, sorted.Length);
                }
            }
        }

        return error / ((double)sorted.Length * ranges);
    }

    /// <summary>The Brier score against the mean annotation: the mean over pixels of (p - share of foreground votes)².</summary>
    /// <remarks>
    /// Against the mean, a perfect forecast of the experts scores 0. Scored against each annotation in turn, every forecast of an image
    /// would gain the same amount, the mean over pixels of v·(1 - v) for a share v, which no model can remove.
    /// </remarks>
    /// <param name="probability">H·W values in [H, W] order, 0 to 1.</param>
    /// <param name="annotations">M expert masks <c>[H, W]</c>, at least one.</param>
    /// <returns>0 to 1; smaller is better.</returns>
    /// <exception cref="ArgumentException">There is no annotation, or sizes differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A probability lies outside 0 to 1.</exception>
    public static double BrierScore(ReadOnlySpan<float> probability, ReadOnlySpan<BitMask> annotations)
    {
        Validate(probability, annotations);
        int[] votes = CountVotes(annotations);
        double sum = 0;
        for (int i = 0; i < probability.Length; i++)
        {
            double difference = probability[i] - ((double)votes[i] / annotations.Length);
            sum += difference * difference;
        }

        return sum / probability.Length;
    }

    /// <summary>The bin of a probability.</summary>
    /// <param name="probability">0 to 1.</param>
    /// <param name="bins">Number of bins of equal width; the last one holds 1 too.</param>
    public static int Bin(float probability, int bins) => Math.Min((int)((double)probability * bins), bins - 1);

    /// <summary>How many annotations call each pixel foreground.</summary>
    /// <param name="annotations">M expert masks <c>[H, W]</c>, at least one.</param>
    /// <returns>H·W values in [H, W] order, 0 to M.</returns>
    public static int[] CountVotes(ReadOnlySpan<BitMask> annotations)
    {
        var votes = new int[annotations[0].PixelCount];
        foreach (BitMask annotation in annotations)
        {
            annotation.AddTo(votes);
        }

        return votes;
    }

    private static void Validate(ReadOnlySpan<float> probability, ReadOnlySpan<BitMask> annotations)
    {
        MetricArguments.RequireSet(annotations, nameof(annotations));
        MetricArguments.RequireOneMap(probability.Length, annotations[0].Height, annotations[0].Width, nameof(probability));
        foreach (float value in probability)
        {
            if (!(value >= 0 && value <= 1))
            {
                throw new ArgumentOutOfRangeException(
                    nameof(probability),
                    value,
                    FormattableString.Invariant($"A probability is {value}; it must be 0 to 1. Give probabilities, not logits."));
            }
        }
    }
}
