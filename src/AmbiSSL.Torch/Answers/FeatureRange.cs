using AmbiSSL.Torch.Metrics;

namespace AmbiSSL.Torch.Answers;

/// <summary>
/// What the encoder sees of the training images, by which others are found to be unlike them: the logarithms of features, each averaged over an image, as their
/// mean and standard deviation over the images, and how far the most unusual one may be off.
/// </summary>
/// <param name="Means">Of each feature.</param>
/// <param name="Deviations">Of each feature, above 0.</param>
/// <param name="Limit">
/// Standard deviations by which the most unusual feature of an image is off in at most one of a hundred training images, each of a fifth that was held out.
/// </param>
internal sealed record FeatureRange(float[] Means, float[] Deviations, double Limit)
{
    /// <summary>Fewer training images say nothing of others.</summary>
    public const int FewestImages = 20;

    private const int Parts = 5;
    private const double Share = 0.99;

    // Features are means of what a rectifier lets through; one that is always 0 has no deviation.
    private const double Offset = 1e-3;
    private const double LeastDeviation = 0.1;

    /// <summary>The range of images; null where they are too few.</summary>
    /// <param name="features">
    /// Of each image, in the order of the data: neighbors, which are often of one patient, are held out together.
    /// </param>
    public static FeatureRange? Of(IReadOnlyList<float[]> features)
    {
        if (features.Count < FewestImages)
        {
            return null;
        }

        double[][] logarithms = [.. features.Select(image => image.Select(Logarithm).ToArray())];
        var held = new List<double>();
        for (var part = 0; part < Parts; part++)
        {
            var (begin, end) = (part * logarithms.Length / Parts, (part + 1) * logarithms.Length / Parts);
            var others = Of([.. logarithms[..begin], .. logarithms[end..]]);
            held.AddRange(features.Skip(begin).Take(end - begin).Select(image => others.Distance(image)));
        }

        return Of(logarithms) with { Limit = Quantile.Of([.. held.Order()], Share) };
    }

    /// <summary>How unlike the training images an image is: 1 at the limit, more beyond it.</summary>
    /// <param name="features">Of the image.</param>
    public double Unlikeness(ReadOnlySpan<float> features) => Distance(features) / Limit;

    /// <summary>Whether the numbers can be of an encoder with so many features.</summary>
    public bool Fits(int features) =>
        Means.Length == features && Deviations.Length == features && Array.TrueForAll(Means, float.IsFinite)
        && Array.TrueForAll(Deviations, deviation => float.IsFinite(deviation) && deviation > 0) && double.IsFinite(Limit) && Limit > 0;

    private static FeatureRange Of(double[][] logarithms)
    {
        var features = Enumerable.Range(0, logarithms[0].Length).ToArray();
        double[] means = [.. features.Select(feature => logarithms.Average(image => image[feature]))];
        return new FeatureRange(
            [.. means.Select(mean => (float)mean)],
            [.. features.Select(
                feature => (float)Math.Max(LeastDeviation, Math.Sqrt(logarithms.Average(image => Math.Pow(image[feature] - means[feature], 2)))))],
            Limit: 1);
    }

    private static double Logarithm(float feature) => Math.Log(Math.Max(feature, 0) + Offset);

    private double Distance(ReadOnlySpan<float> features)
    {
        var largest = 0.0;
        for (var feature = 0; feature < features.Length; feature++)
        {
            largest = Math.Max(largest, Math.Abs(Logarithm(features[feature]) - Means[feature]) / Deviations[feature]);
        }

        return largest;
    }
}
