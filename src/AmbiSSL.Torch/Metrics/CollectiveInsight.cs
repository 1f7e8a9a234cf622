namespace AmbiSSL.Torch.Metrics;

/// <summary>The collective insight of samples (Rahman et al., Ambiguous Medical Image Segmentation using Diffusion Models, CVPR 2023).</summary>
/// <remarks>
/// CI = 3·S·D·A / (S + D + A) as the paper prints it, though its text calls it a harmonic mean. S, the combined sensitivity, is the share of the union of the
/// annotations that the union of the samples holds; D is D_max, <see cref="SetDice.Max"/>; A, the diversity agreement, is 1 minus the mean of two differences:
/// of the smallest and of the largest variance within a pair of samples and within a pair of annotations, where the variance is over pixels, of the difference
/// of the two masks. Where no annotation holds anything, S is 1 if no sample does and otherwise 0.
/// </remarks>
internal static class CollectiveInsight
{
    /// <summary>CI.</summary>
    /// <param name="samples">N predicted masks <c>[H, W]</c>, at least one.</param>
    /// <param name="annotations">M expert masks <c>[H, W]</c>, at least one.</param>
    /// <returns>0 to 1; NaN for one sample or one annotation, which has no pair.</returns>
    /// <exception cref="ArgumentException">A set is empty, or sizes differ.</exception>
    public static double Compute(BitMask[] samples, BitMask[] annotations)
    {
        MetricArguments.RequireSets(samples, annotations);
        if (samples.Length < 2 || annotations.Length < 2)
        {
            return double.NaN;
        }

        var (sensitivity, dice) = (CombinedSensitivity(samples, annotations), SetDice.Max(samples, annotations));
        var (own, experts) = (Variances(samples), Variances(annotations));
        var agreement = 1 - ((Math.Abs(own.Largest - experts.Largest) + Math.Abs(own.Smallest - experts.Smallest)) / 2);
        var sum = sensitivity + dice + agreement;
        return sum > 0 ? 3 * sensitivity * dice * agreement / sum : 0;
    }

    private static double CombinedSensitivity(BitMask[] samples, BitMask[] annotations)
    {
        var (drawn, truth) = (BitMask.FromVotes(samples, 1), BitMask.FromVotes(annotations, 1));
        return truth.Area > 0 ? (double)drawn.IntersectionCount(truth) / truth.Area : drawn.Area == 0 ? 1 : 0;
    }

    private static (double Smallest, double Largest) Variances(BitMask[] masks)
    {
        double[] pairs = [.. from i in Enumerable.Range(0, masks.Length) from j in Enumerable.Range(0, i) select Variance(masks[i], masks[j])];
        return (pairs.Min(), pairs.Max());
    }

    private static double Variance(BitMask first, BitMask second)
    {
        double pixels = first.PixelCount;
        var mean = (first.Area - second.Area) / pixels;
        return ((first.Area + second.Area - (2 * first.IntersectionCount(second))) / pixels) - (mean * mean);
    }
}
