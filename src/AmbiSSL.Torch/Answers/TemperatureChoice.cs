namespace AmbiSSL.Torch.Answers;

/// <summary>
/// Chooses a temperature: that with which probabilities have the lowest Brier score against the shares of readers who hold a pixel inside. The logarithmic score,
/// which is usual for one label an image, would be ruled by the few pixels of a lesion that the model misses with certainty.
/// </summary>
internal sealed class TemperatureChoice
{
    // From a tenth to ten, 2.3 % apart, nearest to 1 first: it stays where nothing is better.
    private static readonly double[] Candidates = [.. Enumerable.Range(-100, 201).OrderBy(Math.Abs).Select(step => Math.Pow(10, step / 100.0))];

    private readonly double[] _pixels = new double[ProbabilityLevels.Count];
    private readonly double[] _logits = new double[ProbabilityLevels.Count];
    private readonly double[] _shares = new double[ProbabilityLevels.Count];

    /// <summary>The best so far.</summary>
    public double Best => Candidates.MinBy(Score);

    /// <summary>Adds the pixels of an image.</summary>
    /// <param name="probability">Of each pixel, 0 to 1.</param>
    /// <param name="votes">Readers who hold it inside.</param>
    /// <param name="readers">Readers of the image.</param>
    public void Add(ReadOnlySpan<float> probability, ReadOnlySpan<int> votes, int readers)
    {
        for (var pixel = 0; pixel < probability.Length; pixel++)
        {
            var level = ProbabilityLevels.Of(probability[pixel]);
            _pixels[level]++;
            _logits[level] += ProbabilityLevels.Logit(probability[pixel]);
            _shares[level] += (double)votes[pixel] / readers;
        }
    }

    // The Brier score but for what does not depend on the temperature: the scatter of shares in a level.
    private double Score(double temperature)
    {
        var score = 0.0;
        for (var level = 0; level < ProbabilityLevels.Count; level++)
        {
            if (_pixels[level] > 0)
            {
                var difference = ProbabilityLevels.Sigmoid(_logits[level] / _pixels[level] / temperature) - (_shares[level] / _pixels[level]);
                score += _pixels[level] * difference * difference;
            }
        }

        return score;
    }
}
