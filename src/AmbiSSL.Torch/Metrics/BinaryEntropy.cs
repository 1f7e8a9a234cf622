namespace AmbiSSL.Torch.Metrics;

/// <summary>Entropy of a binary variable: how uncertain a foreground probability is.</summary>
internal static class BinaryEntropy
{
    /// <summary>Writes the entropy of each probability in bits, 0 to 1.</summary>
    public static void Compute(ReadOnlySpan<float> probability, Span<float> bits)
    {
        for (var i = 0; i < probability.Length; i++)
        {
            double p = probability[i];
            bits[i] = (float)(Part(p) + Part(1 - p));
        }
    }

    /// <summary>The entropy of each probability in bits, 0 to 1.</summary>
    public static float[] Of(ReadOnlySpan<float> probability)
    {
        var bits = new float[probability.Length];
        Compute(probability, bits);
        return bits;
    }

    private static double Part(double p) => p > 0 ? -p * Math.Log2(p) : 0;
}
