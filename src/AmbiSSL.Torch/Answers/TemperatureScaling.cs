using AmbiSSL.Torch.Foundation;

namespace AmbiSSL.Torch.Answers;

/// <summary>
/// Temperature scaling (Guo et al., ICML 2017): p becomes the logistic function of logit(p) / T. One half stays one half, and no two pixels change places.
/// </summary>
internal static class TemperatureScaling
{
    /// <summary>The temperature at which probabilities stay what they are.</summary>
    public const double Neutral = 1;

    /// <summary>Scales probabilities.</summary>
    /// <param name="probabilities">0 to 1.</param>
    /// <param name="temperature">T, above 0.</param>
    public static void Apply(Span<float> probabilities, double temperature)
    {
        if (temperature == Neutral)
        {
            return;
        }

        foreach (ref var probability in probabilities)
        {
            probability = (float)Apply(probability, temperature);
        }
    }

    /// <summary>
    /// Scales the probabilities of classes. Where these exclude each other, the logits of background and all classes are divided by T, as the logarithms of the
    /// probabilities: of one class that is the same.
    /// </summary>
    /// <param name="probabilities">[B, K, H, W], 0 to 1.</param>
    /// <param name="temperature">T, above 0.</param>
    /// <param name="classes">The classes K.</param>
    /// <param name="pixels">H·W.</param>
    public static void Apply(Span<float> probabilities, double temperature, MaskClasses classes, int pixels)
    {
        if (classes.Count == 1 || classes.Overlap || temperature == Neutral)
        {
            Apply(probabilities, temperature);
            return;
        }

        var powers = new double[classes.Count];
        for (var image = 0; image < probabilities.Length; image += classes.Count * pixels)
        {
            for (var pixel = image; pixel < image + pixels; pixel++)
            {
                var background = 1.0;
                for (var position = 0; position < powers.Length; position++)
                {
                    double own = probabilities[pixel + (position * pixels)];
                    background -= own;
                    powers[position] = ProbabilityLevels.Root(own, temperature);
                }

                var sum = ProbabilityLevels.Root(background, temperature);
                foreach (var power in powers)
                {
                    sum += power;
                }

                for (var position = 0; position < powers.Length; position++)
                {
                    probabilities[pixel + (position * pixels)] = (float)(powers[position] / sum);
                }
            }
        }
    }

    /// <summary>Scales a probability.</summary>
    public static double Apply(double probability, double temperature) =>
        temperature == Neutral ? probability : ProbabilityLevels.Sigmoid(ProbabilityLevels.Logit(probability) / temperature);

    /// <summary>Checks a temperature.</summary>
    /// <exception cref="ArgumentException">It is not above 0, or not finite.</exception>
    public static void Require(double temperature) =>
        OptionRange.Require(double.IsFinite(temperature) && temperature > 0, "Temperature", temperature, "a finite number above 0");
}
