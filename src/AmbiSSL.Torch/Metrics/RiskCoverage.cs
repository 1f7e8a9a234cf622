namespace AmbiSSL.Torch.Metrics;

/// <summary>What is left of the risk when the images in which a model is most in doubt are set aside.</summary>
/// <remarks>Images of equal doubt come in any order: each has the mean risk of them.</remarks>
internal static class RiskCoverage
{
    /// <summary>
    /// The area under the risk-coverage curve (Geifman and El-Yaniv 2017): the mean risk of the k images of least doubt, averaged over all k.
    /// </summary>
    /// <param name="images">Doubt and risk of each image; an image in which one is NaN is left out.</param>
    /// <returns>In the unit of the risk; NaN where no image is left.</returns>
    public static double Area(IEnumerable<(double Doubt, double Risk)> images)
    {
        var (covered, risk, area) = (0, 0.0, 0.0);
        foreach (var like in Known(images).GroupBy(image => image.Doubt, image => image.Risk).OrderBy(group => group.Key))
        {
            var mean = like.Average();
            foreach (var _ in like)
            {
                covered++;
                risk += mean;
                area += risk / covered;
            }
        }

        return covered > 0 ? area / covered : double.NaN;
    }

    /// <summary>The area less that of a doubt which knows the risk (Geifman, Uziel and El-Yaniv 2019, E-AURC): what the order of the images costs.</summary>
    /// <param name="images">As in <see cref="Area"/>.</param>
    public static double Excess(IEnumerable<(double Doubt, double Risk)> images)
    {
        (double Doubt, double Risk)[] known = [.. Known(images)];
        return Area(known) - Area(known.Select(image => (image.Risk, image.Risk)));
    }

    private static IEnumerable<(double Doubt, double Risk)> Known(IEnumerable<(double Doubt, double Risk)> images) =>
        images.Where(image => !double.IsNaN(image.Doubt) && !double.IsNaN(image.Risk));
}
