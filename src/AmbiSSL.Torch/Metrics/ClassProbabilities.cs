namespace AmbiSSL.Torch.Metrics;

/// <summary>
/// What follows from the probabilities [K, H, W] of the classes of one image. That of background is what those of exclusive classes lack to 1.
/// </summary>
internal static class ClassProbabilities
{
    /// <summary>
    /// One mask: of one class and of overlapping ones the pixels whose probability p is above a threshold t, p / (1 - p) above t / (1 - t). Of
    /// exclusive ones the most probable class of each pixel, the first of several, where its odds against background are above those; at one half,
    /// the most probable of background and the classes.
    /// </summary>
    /// <param name="classes">The classes.</param>
    /// <param name="probability">K·H·W values in [K, H, W] order, 0 to 1.</param>
    /// <param name="threshold">At least 0, below 1.</param>
    /// <param name="planes">Receives K·H·W values of 0 and 1.</param>
    public static void Harden(MaskClasses classes, ReadOnlySpan<float> probability, double threshold, Span<byte> planes)
    {
        if (classes.Count == 1 || classes.Overlap)
        {
            for (var i = 0; i < planes.Length; i++)
            {
                planes[i] = probability[i] > threshold ? (byte)1 : (byte)0;
            }

            return;
        }

        planes.Clear();
        var pixels = probability.Length / classes.Count;
        for (var pixel = 0; pixel < pixels; pixel++)
        {
            var (background, best) = (1.0, pixel);
            for (var position = pixel; position < probability.Length; position += pixels)
            {
                background -= probability[position];
                best = probability[position] > probability[best] ? position : best;
            }

            planes[best] = probability[best] * (1 - threshold) > background * threshold ? (byte)1 : (byte)0;
        }
    }

    /// <summary>
    /// How uncertain each pixel is: of one class and of overlapping ones the mean over classes of the binary entropy, 0 to 1 bit; of exclusive ones
    /// the entropy of background and the classes, 0 to log2(K + 1) bits.
    /// </summary>
    /// <param name="classes">The classes.</param>
    /// <param name="probability">K·H·W values in [K, H, W] order, 0 to 1.</param>
    /// <param name="uncertainty">Receives H·W values, in bits.</param>
    public static void Entropy(MaskClasses classes, ReadOnlySpan<float> probability, Span<float> uncertainty)
    {
        if (classes.Count == 1)
        {
            BinaryEntropy.Compute(probability, uncertainty);
            return;
        }

        for (var pixel = 0; pixel < uncertainty.Length; pixel++)
        {
            var (background, bits) = (1.0, 0.0);
            for (var position = pixel; position < probability.Length; position += uncertainty.Length)
            {
                double own = probability[position];
                background -= own;
                bits += Bits(own) + (classes.Overlap ? Bits(1 - own) : 0);
            }

            uncertainty[pixel] = (float)(classes.Overlap ? bits / classes.Count : bits + Bits(background));
        }
    }

    /// <summary>How uncertain each pixel is, in bits, [H, W].</summary>
    /// <inheritdoc cref="Entropy" path="/param"/>
    public static float[] EntropyMap(MaskClasses classes, ReadOnlySpan<float> probability)
    {
        var uncertainty = new float[probability.Length / classes.Count];
        Entropy(classes, probability, uncertainty);
        return uncertainty;
    }

    // 0 at 0, and at what rounding leaves of 0.
    private static double Bits(double probability) => probability > 0 ? -probability * Math.Log2(probability) : 0;
}
