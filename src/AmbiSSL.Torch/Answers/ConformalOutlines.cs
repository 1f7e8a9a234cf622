using AmbiSSL.Torch.Foundation;

namespace AmbiSSL;

/// <summary>
/// Two outlines around what is certain and what is possible, by thresholds of the probability that were chosen on patients with masks by conformal
/// risk control (Angelopoulos et al., ICLR 2024), so that they hold for further patients of the same kind, whatever the model is worth. Where there
/// are several classes, each has a promise and thresholds of its own.
/// </summary>
/// <remarks>
/// A patient counts once: what is promised is the mean over the patient's images and their readers. It is an average over patients, not a promise for each.
/// </remarks>
public sealed record ConformalOutlines
{
    /// <summary>Outlines of one class.</summary>
    /// <param name="coverage">What both promise, above 0 and below 1.</param>
    /// <param name="innerThreshold">See <see cref="InnerThresholds"/>.</param>
    /// <param name="outerThreshold">See <see cref="OuterThresholds"/>.</param>
    public ConformalOutlines(double coverage, double innerThreshold, double outerThreshold)
        : this(coverage, [innerThreshold], [outerThreshold])
    {
    }

    /// <summary>Outlines of several classes.</summary>
    /// <param name="coverage">What all promise, above 0 and below 1.</param>
    /// <param name="innerThresholds">See <see cref="InnerThresholds"/>.</param>
    /// <param name="outerThresholds">See <see cref="OuterThresholds"/>.</param>
    /// <exception cref="ArgumentException">There are not as many inner as outer thresholds, or none.</exception>
    public ConformalOutlines(double coverage, IReadOnlyList<double> innerThresholds, IReadOnlyList<double> outerThresholds)
    {
        ArgumentNullException.ThrowIfNull(innerThresholds);
        ArgumentNullException.ThrowIfNull(outerThresholds);
        if (innerThresholds.Count == 0 || innerThresholds.Count != outerThresholds.Count)
        {
            throw new ArgumentException(
                $"There are {innerThresholds.Count} inner and {outerThresholds.Count} outer thresholds; give one of each for every class.",
                nameof(outerThresholds));
        }

        (Coverage, InnerThresholds, OuterThresholds) = (coverage, [.. innerThresholds], [.. outerThresholds]);
    }

    /// <summary>What they promise, above 0 and below 1.</summary>
    public double Coverage { get; }

    /// <summary>
    /// Of each class, 0 to 1: pixels whose probability is above it are the inner outline; on average over patients, at least <see cref="Coverage"/> of them are
    /// inside what a reader outlines.
    /// </summary>
    public IReadOnlyList<double> InnerThresholds { get; }

    /// <summary>
    /// Of each class, 0 to 1: pixels whose probability is at least this are the outer outline; on average over patients, it holds at least
    /// <see cref="Coverage"/> of what a reader outlines.
    /// </summary>
    public IReadOnlyList<double> OuterThresholds { get; }

    /// <summary>Draws the inner outlines.</summary>
    /// <param name="probability">K·H·W values in [K, H, W] order, as the model that has these outlines gives them.</param>
    /// <param name="masks">Receives K·H·W values, 0 or 1. Those of classes that exclude each other may lie upon each other.</param>
    /// <exception cref="ArgumentException">The lengths differ, or there are not planes of K classes.</exception>
    public void DrawInner(ReadOnlySpan<float> probability, Span<byte> masks) =>
        Draw(probability, masks, InnerThresholds, (value, threshold) => value > threshold);

    /// <summary>Draws the outer outlines.</summary>
    /// <inheritdoc cref="DrawInner" path="/param"/>
    /// <inheritdoc cref="DrawInner" path="/exception"/>
    public void DrawOuter(ReadOnlySpan<float> probability, Span<byte> masks) =>
        Draw(probability, masks, OuterThresholds, (value, threshold) => value >= threshold);

    /// <summary>Whether the same is promised by the same thresholds.</summary>
    /// <param name="other">Other outlines.</param>
    public bool Equals(ConformalOutlines? other) => other is not null && Coverage == other.Coverage
        && InnerThresholds.SequenceEqual(other.InnerThresholds) && OuterThresholds.SequenceEqual(other.OuterThresholds);

    /// <inheritdoc/>
    public override int GetHashCode() => InnerThresholds.Concat(OuterThresholds).Aggregate(HashCode.Combine(Coverage), HashCode.Combine);

    /// <summary>What is promised and by which thresholds, in words.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{100 * Coverage:G4} %: inner above {Words(InnerThresholds)}, outer from {Words(OuterThresholds)}");

    /// <summary>Checks what is promised.</summary>
    /// <exception cref="ArgumentException">It is not above 0 and below 1.</exception>
    internal static void RequireCoverage(double coverage) => OptionRange.Require(coverage is > 0 and < 1, nameof(Coverage), coverage, "above 0 and below 1");

    /// <summary>Checks the numbers.</summary>
    /// <param name="classes">The classes whose outlines they are to be.</param>
    /// <exception cref="ArgumentException">One is out of its range, or there is not one for each class.</exception>
    internal void Validate(MaskClasses classes)
    {
        RequireCoverage(Coverage);
        Require(InnerThresholds, "InnerThreshold");
        Require(OuterThresholds, "OuterThreshold");
        if (InnerThresholds.Count != classes.Count)
        {
            throw new ArgumentException(
                $"There are outlines of {InnerThresholds.Count} classes, and the model tells {classes} apart; give thresholds for each of these.");
        }

        static void Require(IReadOnlyList<double> thresholds, string name)
        {
            foreach (var threshold in thresholds)
            {
                OptionRange.Require(threshold is >= 0 and <= 1, name, threshold, "0 to 1");
            }
        }
    }

    private static string Words(IReadOnlyList<double> thresholds) =>
        string.Join(" and ", thresholds.Select(threshold => FormattableString.Invariant($"{threshold:G4}")));

    private static void Draw(ReadOnlySpan<float> probability, Span<byte> masks, IReadOnlyList<double> thresholds, Func<float, double, bool> isInside)
    {
        if (masks.Length != probability.Length || probability.Length % thresholds.Count != 0)
        {
            throw new ArgumentException(
                $"The masks have {masks.Length} values and the probability {probability.Length}; both need as many for each of {thresholds.Count} classes.",
                nameof(masks));
        }

        var pixels = probability.Length / thresholds.Count;
        for (var plane = 0; plane < thresholds.Count; plane++)
        {
            for (var pixel = plane * pixels; pixel < (plane + 1) * pixels; pixel++)
            {
                masks[pixel] = isInside(probability[pixel], thresholds[plane]) ? (byte)1 : (byte)0;
            }
        }
    }
}
