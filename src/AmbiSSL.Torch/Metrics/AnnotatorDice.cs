namespace AmbiSSL.Torch.Metrics;

/// <summary>Dice similarity of each annotator's predicted mask with the mask that the annotator drew, for one image.</summary>
/// <remarks>Two empty masks give 1. Larger is better.</remarks>
internal static class AnnotatorDice
{
    /// <summary>Dice of each reader, whose masks are found by name.</summary>
    /// <param name="predicted">A predicted masks <c>[H, W]</c>, one for each reader.</param>
    /// <param name="readers">The names of the A readers.</param>
    /// <param name="annotations">M expert masks <c>[H, W]</c>.</param>
    /// <param name="names">The names of those who drew them; empty where nobody is known.</param>
    /// <returns>A values, 0 to 1; NaN for a reader without a mask.</returns>
    /// <exception cref="ArgumentException">Sizes differ, or a mask is null.</exception>
    public static double[] ByReader(
        ReadOnlySpan<BitMask> predicted, IReadOnlyList<string> readers, ReadOnlySpan<BitMask> annotations, IReadOnlyList<string> names)
    {
        MetricArguments.RequireSets(predicted, annotations);
        var drawn = names.Zip(annotations.ToArray()).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
        return Compute(predicted, [.. readers.Select(drawn.GetValueOrDefault)]);
    }

    /// <summary>Dice of each rank by falling area, in which equal areas keep their order.</summary>
    /// <param name="predicted">A predicted masks <c>[H, W]</c>, one for each rank.</param>
    /// <param name="annotations">
    /// M expert masks <c>[H, W]</c>. Where M is less than A, the last ranks have none; where it is more, the smallest masks are left out.
    /// </param>
    /// <param name="areas">The area of each expert's mask of all classes; null where there is one.</param>
    /// <returns>A values, 0 to 1; NaN for a rank without a mask.</returns>
    /// <exception cref="ArgumentException">Sizes differ, or a mask is null.</exception>
    public static double[] ByRank(ReadOnlySpan<BitMask> predicted, ReadOnlySpan<BitMask> annotations, IEnumerable<int>? areas = null)
    {
        MetricArguments.RequireSets(predicted, annotations);
        var masks = annotations.ToArray();
        return Compute(predicted, [.. masks.Zip(areas ?? masks.Select(mask => mask.Area)).OrderByDescending(mask => mask.Second).Select(mask => mask.First)]);
    }

    private static double[] Compute(ReadOnlySpan<BitMask> predicted, BitMask?[] drawn)
    {
        var dice = new double[predicted.Length];
        for (var annotator = 0; annotator < dice.Length; annotator++)
        {
            dice[annotator] = drawn.ElementAtOrDefault(annotator) is { } mask ? MaskOverlap.Dice(predicted[annotator], mask) : double.NaN;
        }

        return dice;
    }
}
