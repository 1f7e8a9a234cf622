namespace AmbiSSL.Torch.Metrics;

/// <summary>Whether a model is in doubt about the images on which the experts disagree.</summary>
internal static class DisagreementCorrelation
{
    /// <summary>
    /// Pearson's correlation, over images, of the mean pairwise distance between samples with that between annotations
    /// (<see cref="PairwiseDistance.WithinDistinct"/>).
    /// </summary>
    /// <param name="sampleDiversity">One value an image.</param>
    /// <param name="expertDiversity">One value an image, in the same order. Images where either value is NaN are left out.</param>
    /// <returns>-1 to 1; NaN when fewer than two images are left or one of the series is constant.</returns>
    /// <exception cref="ArgumentException">The series differ in length.</exception>
    public static double Compute(ReadOnlySpan<double> sampleDiversity, ReadOnlySpan<double> expertDiversity)
    {
        if (sampleDiversity.Length != expertDiversity.Length)
        {
            throw new ArgumentException(
                $"There are {sampleDiversity.Length} values for samples and {expertDiversity.Length} for experts; "
                + "the numbers must be equal. Give one value of each for every image.",
                nameof(expertDiversity));
        }

        var samples = new List<double>(sampleDiversity.Length);
        var experts = new List<double>(expertDiversity.Length);
        for (int i = 0; i < sampleDiversity.Length; i++)
        {
            if (!double.IsNaN(sampleDiversity[i]) && !double.IsNaN(expertDiversity[i]))
            {
                samples.Add(sampleDiversity[i]);
                experts.Add(expertDiversity[i]);
            }
        }

        return Correlation.Pearson(samples.ToArray(), experts.ToArray());
    }
}
