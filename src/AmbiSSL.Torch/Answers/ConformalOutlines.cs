using AmbiSSL.Torch.Foundation;

namespace AmbiSSL;

/// <summary>
/// Two outlines around what is certain and what is possible, by thresholds of the probability that were chosen on patients with masks by conformal risk control
/// (Angelopoulos et al., ICLR 2024), so that they hold for further patients of the same kind, whatever the model is worth.
/// </summary>
/// <remarks>
/// A patient counts once: what is promised is the mean over the patient's images and their readers. It is an average over patients, not a promise for each.
/// </remarks>
/// <param name="Coverage">What both promise, above 0 and below 1.</param>
/// <param name="InnerThreshold">
/// Pixels whose probability is above it are the inner outline: on average over patients, at least <paramref name="Coverage"/> of them are inside what a reader
/// outlines.
/// </param>
/// <param name="OuterThreshold">
/// Pixels whose probability is at least this are the outer outline: on average over patients, it holds at least <paramref name="Coverage"/> of what a reader
/// outlines.
/// </param>
public sealed record ConformalOutlines(double Coverage, double InnerThreshold, double OuterThreshold)
{
    /// <summary>Draws the inner outline.</summary>
    /// <param name="probability">H·W values, as the model that has these outlines gives them.</param>
    /// <param name="mask">Receives H·W values, 0 or 1.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public void DrawInner(ReadOnlySpan<float> probability, Span<byte> mask) => Draw(probability, mask, value => value > InnerThreshold);

    /// <summary>Draws the outer outline.</summary>
    /// <inheritdoc cref="DrawInner" path="/param"/>
    /// <inheritdoc cref="DrawInner" path="/exception"/>
    public void DrawOuter(ReadOnlySpan<float> probability, Span<byte> mask) => Draw(probability, mask, value => value >= OuterThreshold);

    /// <summary>What is promised and by which thresholds, in words.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{100 * Coverage:G4} %: inner above {InnerThreshold:G4}, outer from {OuterThreshold:G4}");

    /// <summary>Checks what is promised.</summary>
    /// <exception cref="ArgumentException">It is not above 0 and below 1.</exception>
    internal static void RequireCoverage(double coverage) => OptionRange.Require(coverage is > 0 and < 1, nameof(Coverage), coverage, "above 0 and below 1");

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentException">One is out of its range.</exception>
    internal void Validate()
    {
        RequireCoverage(Coverage);
        OptionRange.Require(InnerThreshold is >= 0 and <= 1, nameof(InnerThreshold), InnerThreshold, "0 to 1");
        OptionRange.Require(OuterThreshold is >= 0 and <= 1, nameof(OuterThreshold), OuterThreshold, "0 to 1");
    }

    private static void Draw(ReadOnlySpan<float> probability, Span<byte> mask, Predicate<float> isInside)
    {
        if (mask.Length != probability.Length)
        {
            throw new ArgumentException($"The mask has {mask.Length} values; {probability.Length} are needed.", nameof(mask));
        }

        for (var pixel = 0; pixel < mask.Length; pixel++)
        {
            mask[pixel] = isInside(probability[pixel]) ? (byte)1 : (byte)0;
        }
    }
}
