namespace AmbiSSL.Torch.Answers;

/// <summary>
/// Chooses a temperature: that with which probabilities have the lowest Brier score against the shares of readers who hold a pixel inside, of several
/// classes the mean over them. The logarithmic score, which is usual for one label an image, would be ruled by the few pixels of a lesion that the
/// model misses with certainty.
/// </summary>
/// <param name="classes">The classes; null for one.</param>
internal sealed class TemperatureChoice(MaskClasses? classes = null)
{
    // Levels of the logit of each class, together a key for pixels whose scores are nearly the same: fewer where there are several.
    private const int LevelsTogether = 8;

    // From a tenth to ten, 2.3 % apart, nearest to 1 first: it stays where nothing is better.
    private static readonly double[] Candidates = [.. Enumerable.Range(-100, 201).OrderBy(Math.Abs).Select(step => Math.Pow(10, step / 100.0))];

    // Classes that exclude each other are one forecast of a pixel, others one each.
    private readonly int _together = classes is { IsExclusive: true } ? classes.Count : 1;
    private readonly Dictionary<string, Forecasts> _forecasts = new(StringComparer.Ordinal);

    /// <summary>The best so far.</summary>
    public double Best
    {
        get
        {
            Forecasts[] sorted = [.. _forecasts.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => entry.Value)];
            return Candidates.MinBy(temperature => sorted.Sum(forecasts => forecasts.Score(temperature)));
        }
    }

    /// <summary>Adds the pixels of an image.</summary>
    /// <param name="probability">Of each class and pixel, 0 to 1: [K, P].</param>
    /// <param name="votes">Readers who hold it inside, [K, P].</param>
    /// <param name="readers">Readers of the image.</param>
    public void Add(ReadOnlySpan<float> probability, ReadOnlySpan<int> votes, int readers)
    {
        var pixels = probability.Length / _together;
        var (logits, key) = (new double[_together], new char[_together]);
        var (name, forecasts) = ("", new Forecasts(_together));
        for (var pixel = 0; pixel < pixels; pixel++)
        {
            ProbabilityLevels.Logits(probability[pixel..], pixels, logits);
            for (var position = 0; position < _together; position++)
            {
                var level = ProbabilityLevels.OfLogit(logits[position]);
                key[position] = (char)(_together == 1 ? level : level / LevelsTogether);
            }

            // Most pixels are like those before them.
            if (!key.AsSpan().SequenceEqual(name))
            {
                name = new string(key);
                forecasts = _forecasts.GetValueOrDefault(name) ?? (_forecasts[name] = new Forecasts(_together));
            }

            forecasts.Pixels++;
            for (var position = 0; position < _together; position++)
            {
                forecasts.Logits[position] += logits[position];
                forecasts.Shares[position] += (double)votes[pixel + (position * pixels)] / readers;
            }
        }
    }

    /// <summary>Pixels of nearly the same probabilities: sums over them.</summary>
    private sealed class Forecasts(int classes)
    {
        public double Pixels { get; set; }

        public double[] Logits { get; } = new double[classes];

        public double[] Shares { get; } = new double[classes];

        /// <summary>The Brier score but for what does not depend on the temperature: the scatter of shares.</summary>
        public double Score(double temperature)
        {
            var score = 0.0;
            for (var position = 0; position < classes; position++)
            {
                var own = Logits[position] / Pixels / temperature;
                var odds = Math.Exp(-own);
                for (var other = 0; other < classes; other++)
                {
                    odds += Math.Exp((Logits[other] / Pixels / temperature) - own);
                }

                var difference = (1 / odds) - (Shares[position] / Pixels);
                score += Pixels * difference * difference;
            }

            return score;
        }
    }
}
