namespace AmbiSSL.Torch.Answers;

/// <summary>Probabilities in steps of equal width of their logits: fine where they are near 0 or 1, and few enough to count pixels by.</summary>
internal static class ProbabilityLevels
{
    /// <summary>Number of levels.</summary>
    public const int Count = 1024;

    /// <summary>What a smaller probability is taken for.</summary>
    public const double Smallest = 1e-6;

    private const double Largest = 1 - Smallest;

    // The logit of what Clamp lets through at most, and a little more.
    private const double Limit = 14;

    /// <summary>The level of a probability.</summary>
    public static int Of(float probability) => OfLogit(Logit(probability));

    /// <summary>The level of a logit of <see cref="Logit"/> or <see cref="Logits"/>.</summary>
    public static int OfLogit(double logit) => (int)((logit + Limit) * (Count / (2 * Limit)));

    /// <summary>The least logit of a level.</summary>
    public static double LowerLogit(int level) => (level * (2 * Limit / Count)) - Limit;

    /// <summary>The logit of a probability, which is taken for 1e-6 where it is less, and for 1 - 1e-6 where it is more.</summary>
    public static double Logit(double probability)
    {
        var clamped = Math.Clamp(probability, Smallest, Largest);
        return Math.Log(clamped / (1 - clamped));
    }

    /// <summary>
    /// The logits of classes of a pixel against background, whose probability is what theirs lack to 1; of one class that of <see cref="Logit"/>.
    /// </summary>
    /// <param name="probability">The first class's, and the others' a stride behind each other.</param>
    /// <param name="stride">From one class to the next.</param>
    /// <param name="logits">Receives one for each class.</param>
    public static void Logits(ReadOnlySpan<float> probability, int stride, Span<double> logits)
    {
        var background = 1.0;
        for (var position = 0; position < logits.Length; position++)
        {
            logits[position] = Math.Clamp(probability[position * stride], Smallest, Largest);
            background -= logits[position];
        }

        background = Math.Max(background, 1 - Largest);
        foreach (ref var logit in logits)
        {
            logit = Math.Log(logit / background);
        }
    }

    /// <summary>The power 1/T of a probability, which is taken for 1e-6 where it is less.</summary>
    public static double Root(double probability, double temperature) => Math.Pow(Math.Max(probability, Smallest), 1 / temperature);

    /// <summary>The probability of a logit.</summary>
    public static double Sigmoid(double logit) => 1 / (1 + Math.Exp(-logit));
}
