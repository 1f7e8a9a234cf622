namespace AmbiSSL.Torch.Synthetic;

/// <summary>
/// How one annotator outlines lesions: at which level of the soft edge, how steadily, and whether with spicules.
/// </summary>
/// <remarks>
/// A mask holds the pixels whose logarithmic distance lies below <c>mean + wobble(angle)</c>. The wobble is normal with the same
/// deviation in every direction, so the probability of a pixel is a normal distribution function. Spicules are added, and lesions left
/// out, by independent coin tosses.
/// </remarks>
internal sealed class SyntheticAnnotator
{
    // The tightest annotator stops where the lesion is 80 % dense, the loosest where it is 20 % dense: logit(0.8) edge
    // widths apart from the middle.
    private const double OutermostLevel = 1.386;

    private readonly double _style;
    private readonly double _spread;

    /// <param name="slot">Number of the annotator, from 0, the tightest.</param>
    /// <param name="count">Number of annotators; the last is the loosest.</param>
    /// <param name="spread">Factor on the distance between the annotators' levels.</param>
    public SyntheticAnnotator(int slot, int count, double spread = 1)
    {
        _style = count == 1 ? 0 : (2.0 * slot / (count - 1)) - 1;
        _spread = spread;
    }

    private double SpiculeProbability => 0.5 + (0.35 * _style);

    /// <summary>Draws the lesion once.</summary>
    /// <param name="lesion">The lesion.</param>
    /// <param name="random">Source of the coin tosses and the wobble.</param>
    /// <param name="mask">Receives 0 or 1 for each pixel.</param>
    public void Draw(SyntheticLesion lesion, SyntheticRandom random, Span<byte> mask)
    {
        mask.Clear();
        if (random.NextBoolean(lesion.OmissionProbability))
        {
            return;
        }

        var drawsSpicules = random.NextBoolean(SpiculeProbability);
        var wobble = new CircularWobble(Wobble(lesion), random);
        for (var position = 0; position < mask.Length; position++)
        {
            var distance = lesion.LogDistance(position) - Mean(lesion);
            var isBody = distance < -wobble.Bound || (distance < wobble.Bound && distance < wobble.At(lesion.Angle(position)));
            mask[position] = isBody || (drawsSpicules && lesion.IsSpicule(position)) ? (byte)1 : (byte)0;
        }
    }

    /// <summary>Draws core and rim of the lesion once.</summary>
    /// <param name="lesion">The lesion.</param>
    /// <param name="random">Source of the coin tosses and the wobbles.</param>
    /// <param name="planes">Receives 0 or 1 for each pixel of the core, then of the rim.</param>
    public void DrawCoreAndRim(SyntheticLesion lesion, SyntheticRandom random, Span<byte> planes)
    {
        var core = planes[..(planes.Length / 2)];
        var rim = planes[core.Length..];
        core.Clear();
        Draw(lesion, random, rim);
        if (!rim.Contains((byte)1) || random.NextBoolean(SyntheticLesion.CoreOmissionProbability))
        {
            return;
        }

        var wobble = new CircularWobble(Wobble(lesion), random);
        for (var position = 0; position < core.Length; position++)
        {
            var distance = lesion.LogDistanceToCore(position) - Mean(lesion);
            core[position] = rim[position] != 0 && distance < wobble.Bound && distance < wobble.At(lesion.Angle(position)) ? (byte)1 : (byte)0;
            rim[position] -= core[position];
        }
    }

    /// <summary>The probability that a mask drawn by this annotator holds the pixel.</summary>
    public double Probability(SyntheticLesion lesion, int position)
    {
        var body = NormalDistribution.Cumulative((Mean(lesion) - lesion.LogDistance(position)) / Wobble(lesion));
        var spicules = lesion.IsSpicule(position) ? SpiculeProbability : 0;
        return (1 - lesion.OmissionProbability) * (body + ((1 - body) * spicules));
    }

    /// <summary>The probabilities that the pixel is core, and rim, in a mask drawn by this annotator.</summary>
    public (double Core, double Rim) CoreAndRimProbability(SyntheticLesion lesion, int position)
    {
        var drawn = Probability(lesion, position);
        var core = (1 - SyntheticLesion.CoreOmissionProbability)
            * NormalDistribution.Cumulative((Mean(lesion) - lesion.LogDistanceToCore(position)) / Wobble(lesion));
        return (drawn * core, drawn * (1 - core));
    }

    // A hand is unsteady, and the more so the softer the edge that it follows.
    private static double Wobble(SyntheticLesion lesion) => 0.025 + (0.45 * lesion.EdgeWidth);

    private double Mean(SyntheticLesion lesion) => OutermostLevel * _spread * _style * lesion.EdgeWidth;
}
