namespace AmbiSSL.Torch.Metrics;

/// <summary>
/// Simultaneous truth and performance level estimation: the mask that readers of unknown sensitivity and specificity most likely mean (Warfield, Zou and Wells,
/// IEEE Transactions on Medical Imaging 2004).
/// </summary>
/// <remarks>
/// As ITK's filter: one prior for the whole image, the share of foreground in all votes; sensitivities and specificities start at 0.99999; without a model of
/// neighboring pixels. The estimate depends on how much background the image has, as it does there. Where readers hardly overlap, their likelihood may have
/// several maxima that are as high, as of readers who are each other's mirror image: the last bit of a sum chooses among them.
/// </remarks>
internal static class Staple
{
    private const double FirstPerformance = 0.99999;
    private const double SmallestChange = 1e-10;
    private const int MostIterations = 1000;

    // Where one of two readers draws all that the other does and more, the rest is at one half, which rounding must not decide.
    private const double Half = 0.5 - 1e-6;

    /// <summary>The pixels that are foreground with a probability of at least one half, as of a majority.</summary>
    /// <param name="masks">A·H·W values in [A, H, W] order, A at least 1; nonzero is foreground.</param>
    /// <param name="pixels">H·W.</param>
    /// <returns>H·W values, 0 or 1.</returns>
    public static byte[] Estimate(byte[] masks, int pixels)
    {
        int[] drawn = [.. Enumerable.Range(0, pixels).Where(pixel => Votes(masks, pixels, pixel).Contains(true))];
        bool[][] votes = [.. drawn.Select(pixel => Votes(masks, pixels, pixel)), new bool[masks.Length / pixels]];

        // The pixels that nobody drew have the same votes: they are the last entry, which counts for all of them.
        int[] counts = [.. drawn.Select(_ => 1), pixels - drawn.Length];
        var foreground = Maximize(votes, counts, prior: (double)(masks.Length - masks.AsSpan().Count<byte>(0)) / masks.Length);
        var estimate = new byte[pixels];
        Array.Fill(estimate, ToMask(foreground[^1]));
        for (var i = 0; i < drawn.Length; i++)
        {
            estimate[drawn[i]] = ToMask(foreground[i]);
        }

        return estimate;
    }

    private static double[] Maximize(bool[][] votes, int[] counts, double prior)
    {
        var readers = votes[0].Length;
        var (sensitivity, specificity) = (new double[readers], new double[readers]);
        Array.Fill(sensitivity, FirstPerformance);
        Array.Fill(specificity, FirstPerformance);
        double[] foreground = [];
        var change = double.PositiveInfinity;
        for (var iteration = 0; iteration < MostIterations && change > SmallestChange; iteration++)
        {
            foreground = Array.ConvertAll(votes, pixel => Foreground(pixel, sensitivity, specificity, prior));
            change = 0;
            for (var reader = 0; reader < readers; reader++)
            {
                var (inside, outside) = (Share(reader, isForeground: true, sensitivity), Share(reader, isForeground: false, specificity));
                change = Math.Max(change, Math.Max(Math.Abs(inside - sensitivity[reader]), Math.Abs(outside - specificity[reader])));
                (sensitivity[reader], specificity[reader]) = (inside, outside);
            }
        }

        return foreground;

        // The share of the foreground that the reader calls foreground, or of the background that the reader calls background.
        double Share(int reader, bool isForeground, double[] before)
        {
            double right = 0;
            double all = 0;
            for (var i = 0; i < votes.Length; i++)
            {
                var weight = counts[i] * (isForeground ? foreground[i] : 1 - foreground[i]);
                all += weight;
                right += votes[i][reader] == isForeground ? weight : 0;
            }

            return all > 0 ? right / all : before[reader];
        }
    }

    private static double Foreground(bool[] votes, double[] sensitivity, double[] specificity, double prior)
    {
        var (inside, outside) = (prior, 1 - prior);
        for (var reader = 0; reader < votes.Length; reader++)
        {
            inside *= votes[reader] ? sensitivity[reader] : 1 - sensitivity[reader];
            outside *= votes[reader] ? 1 - specificity[reader] : specificity[reader];
        }

        return inside + outside > 0 ? inside / (inside + outside) : 0;
    }

    private static bool[] Votes(byte[] masks, int pixels, int pixel)
    {
        var votes = new bool[masks.Length / pixels];
        for (var reader = 0; reader < votes.Length; reader++)
        {
            votes[reader] = masks[(reader * pixels) + pixel] != 0;
        }

        return votes;
    }

    private static byte ToMask(double foreground) => foreground >= Half ? (byte)1 : (byte)0;
}
