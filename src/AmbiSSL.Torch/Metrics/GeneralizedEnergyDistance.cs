namespace AmbiSSL.Torch.Metrics;

/// <summary>The generalized energy distance between the samples of a model and the annotations of the experts, eq. 22.</summary>
/// <remarks>
/// GED = 2·E[d(P, A)] - E[d(P, P')] - E[d(A, A')] with d = 1 - IoU. It is 0 when both sets hold the same masks equally often; smaller is
/// better. The number of samples moves it: report it with the value.
/// </remarks>
internal static class GeneralizedEnergyDistance
{
    /// <summary>Eq. 22 as a V-statistic: every expectation runs over all ordered pairs, self-pairs included, as published.</summary>
    /// <param name="samples">N predicted masks <c>[H, W]</c>, at least one; binarize probabilities at &gt; 0.5 first.</param>
    /// <param name="annotations">M expert masks <c>[H, W]</c>, at least one.</param>
    /// <param name="emptyMasks">What two empty masks give. The default value is <see cref="EmptyMaskConvention.IouIsOne"/>.</param>
    /// <returns>0 to 2, up to rounding, with the default convention.</returns>
    /// <exception cref="ArgumentException">A set is empty, or sizes differ.</exception>
    public static double VStatistic(
        ReadOnlySpan<BitMask> samples, ReadOnlySpan<BitMask> annotations, EmptyMaskConvention emptyMasks = EmptyMaskConvention.IouIsOne)
    {
        MetricArguments.RequireSets(samples, annotations);
        return (2 * PairwiseDistance.Between(samples, annotations, emptyMasks))
            - PairwiseDistance.Within(samples, emptyMasks)
            - PairwiseDistance.Within(annotations, emptyMasks);
    }
}
