namespace AmbiSSL.Torch.Answers;

/// <summary>
/// Chooses the thresholds of inner and outer outlines by conformal risk control: the tightest with which (n·R + 1) / (n + 1), for the mean risk R of
/// n patients, is at most one minus the coverage. The risk of the outer outline is the share of a reader's mask that it misses; that of the inner one
/// the share of its own pixels that a reader leaves out, or that of any tighter one where that is larger, since risks must not rise as outlines
/// become safer. Each class is by itself.
/// </summary>
/// <param name="classes">Number K of classes.</param>
internal sealed class OutlineChoice(int classes = 1)
{
    // 1 - 0.9 is less than a tenth.
    private const double Rounding = 1e-9;

    private readonly Dictionary<string, Risks[]> _patients = [];

    /// <summary>Patients so far.</summary>
    public int Patients => _patients.Count;

    /// <summary>The fewest patients with whom a coverage can be promised by less than the whole image.</summary>
    public static int PatientsNeeded(double coverage) => (int)Math.Ceiling((1 / (1 - coverage)) - 1 - Rounding);

    /// <summary>Adds an image.</summary>
    /// <param name="patient">Whose it is.</param>
    /// <param name="probability">Of each pixel, 0 to 1: [K, P].</param>
    /// <param name="masks">The readers' masks of these pixels, [A, K, P]; nonzero where a pixel is of the class.</param>
    public void Add(string patient, ReadOnlySpan<float> probability, ReadOnlySpan<byte> masks)
    {
        if (!_patients.TryGetValue(patient, out var risks))
        {
            risks = [.. Enumerable.Range(0, classes).Select(_ => new Risks())];
            _patients.Add(patient, risks);
        }

        var pixels = probability.Length / classes;
        for (var position = 0; position < classes; position++)
        {
            Add(
                risks[position],
                probability.Slice(position * pixels, pixels),
                masks[(position * pixels)..],
                masks.Length / probability.Length,
                probability.Length);
        }
    }

    /// <summary>The outlines; null where there are too few patients to promise anything.</summary>
    /// <param name="coverage">Above 0 and below 1.</param>
    /// <param name="temperature">Of the model that is to have them; the probabilities that were added are without one.</param>
    public ConformalOutlines? Best(double coverage, double temperature)
    {
        if (Patients < PatientsNeeded(coverage))
        {
            return null;
        }

        // The inner outline of the level at the end is empty, the outer one of the first level is the image.
        var levels = Enumerable.Range(0, ProbabilityLevels.Count + 1);
        var positions = Enumerable.Range(0, classes);
        return new ConformalOutlines(
            coverage,
            [.. positions.Select(position => Threshold(levels.First(level => IsSafe(position, risks => risks.Excess[level]))))],
            [.. positions.Select(position => Threshold(levels.Last(level => IsSafe(position, risks => risks.Missed[level]))))]);

        bool IsSafe(int position, Func<Risks, float> risk) =>
            (_patients.Values.Sum(patient => (double)risk(patient[position]) / patient[position].Images) + 1) / (Patients + 1) <= 1 - coverage + Rounding;

        // The levels at both ends have all that is nearer to 0 and to 1 than logits tell apart.
        double Threshold(int level) => level <= ProbabilityLevels.Of(0) ? 0
            : level > ProbabilityLevels.Of(1) ? 1
            : TemperatureScaling.Apply(ProbabilityLevels.Sigmoid(ProbabilityLevels.LowerLogit(level)), temperature);
    }

    /// <summary>Adds an image to the risks of a class; the masks of two readers begin a stride apart.</summary>
    private static void Add(Risks risks, ReadOnlySpan<float> probability, ReadOnlySpan<byte> masks, int readers, int stride)
    {
        var levels = new int[probability.Length];
        for (var pixel = 0; pixel < levels.Length; pixel++)
        {
            levels[pixel] = ProbabilityLevels.Of(probability[pixel]);
        }

        var drawn = AtLeast(levels, []);
        var excess = new double[drawn.Length];
        for (var reader = 0; reader < readers; reader++)
        {
            var hits = AtLeast(levels, masks.Slice(reader * stride, levels.Length));
            for (var level = 0; level < drawn.Length; level++)
            {
                risks.Missed[level] += hits[0] > 0 ? (float)(1 - ((double)hits[level] / hits[0])) / readers : 0;
                excess[level] += drawn[level] > 0 ? (1 - ((double)hits[level] / drawn[level])) / readers : 0;
            }
        }

        var largest = 0.0;
        for (var level = drawn.Length - 1; level >= 0; level--)
        {
            largest = Math.Max(largest, excess[level]);
            risks.Excess[level] += (float)largest;
        }

        risks.Images++;
    }

    // For each level, the pixels that have it or a higher one: those of a mask, or all.
    private static int[] AtLeast(int[] levels, ReadOnlySpan<byte> mask)
    {
        var counts = new int[ProbabilityLevels.Count + 1];
        for (var pixel = 0; pixel < levels.Length; pixel++)
        {
            counts[levels[pixel]] += mask.IsEmpty || mask[pixel] != 0 ? 1 : 0;
        }

        for (var level = ProbabilityLevels.Count - 1; level >= 0; level--)
        {
            counts[level] += counts[level + 1];
        }

        return counts;
    }

    /// <summary>Sums over the images of a patient, for each level.</summary>
    private sealed class Risks
    {
        public int Images { get; set; }

        public float[] Missed { get; } = new float[ProbabilityLevels.Count + 1];

        public float[] Excess { get; } = new float[ProbabilityLevels.Count + 1];
    }
}
