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

    /// <summary>Scales a probability.</summary>
    public static double Apply(double probability, double temperature) =>
        temperature == Neutral ? probability : ProbabilityLevels.Sigmoid(ProbabilityLevels.Logit(probability) / temperature);

    /// <summary>Checks a temperature.</summary>
    /// <exception cref="ArgumentException">It is not above 0, or not finite.</exception>
    public static void Require(double temperature) =>
        OptionRange.Require(double.IsFinite(temperature) && temperature > 0, "Temperature", temperature, "a finite number above 0");
}
