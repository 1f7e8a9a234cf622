namespace AmbiSSL.Torch.Metrics;

/// <summary>Dice scores between the set of samples and the set of annotations of an image (section 4.4 of the paper).</summary>
/// <remarks>Dice of two empty masks is 1. Larger is better; on one image <see cref="Match"/> is at most <see cref="Max"/>.</remarks>
internal static class SetDice
{
    /// <summary>Dice_max: the mean over annotations of the Dice of the best sample, which several annotations may share.</summary>
    /// <param name="samples">N predicted masks <c>[H, W]</c>, at least one.</param>
    /// <param name="annotations">M expert masks <c>[H, W]</c>, at least one.</param>
    /// <returns>0 to 1.</returns>
    /// <exception cref="ArgumentException">A set is empty, or sizes differ.</exception>
    public static double Max(ReadOnlySpan<BitMask> samples, ReadOnlySpan<BitMask> annotations)
    {
        MetricArguments.RequireSets(samples, annotations);
        double sum = 0;
        foreach (BitMask annotation in annotations)
        {
            double best = 0;
            foreach (BitMask sample in samples)
            {
                best = Math.Max(best, MaskOverlap.Dice(annotation, sample));
            }

            sum += best;
        }

        return sum / annotations.Length;
    }

    /// <summary>Dice_match: the mean over annotations of the Dice under the best one-to-one assignment of samples to annotations.</summary>
    /// <param name="samples">N predicted masks <c>[H, W]</c>, at least one.</param>
    /// <param name="annotations">M expert masks <c>[H, W]</c>, at least one; with N &lt; M those left without a sample count 0.</param>
    /// <returns>0 to 1.</returns>
    /// <exception cref="ArgumentException">A set is empty, or sizes differ.</exception>
    public static double Match(ReadOnlySpan<BitMask> samples, ReadOnlySpan<BitMask> annotations)
    {
        MetricArguments.RequireSets(samples, annotations);
        double[] table = Table(annotations, samples);
        int[] sampleOfAnnotation = Assignment.Maximize(table, annotations.Length, samples.Length);
        double sum = 0;
        for (int i = 0; i < annotations.Length; i++)
        {
            sum += sampleOfAnnotation[i] < 0 ? 0 : table[(i * samples.Length) + sampleOfAnnotation[i]];
        }

        return sum / annotations.Length;
    }

    /// <summary>Oracle Dice: what a reader gets who picks the best of the N samples, by its mean Dice over all annotations.</summary>
    /// <param name="samples">N predicted masks <c>[H, W]</c>, at least one.</param>
    /// <param name="annotations">M expert masks <c>[H, W]</c>, at least one.</param>
    /// <returns>0 to 1, at most <see cref="Max"/>.</returns>
    /// <exception cref="ArgumentException">A set is empty, or sizes differ.</exception>
    public static double Oracle(ReadOnlySpan<BitMask> samples, ReadOnlySpan<BitMask> annotations)
    {
        MetricArguments.RequireSets(samples, annotations);
        double best = 0;
        foreach (BitMask sample in samples)
        {
            double sum = 0;
            foreach (BitMask annotation in annotations)
            {
                sum += MaskOverlap.Dice(sample, annotation);
            }

            best = Math.Max(best, sum / annotations.Length);
        }

        return best;
    }

    private static double[] Table(ReadOnlySpan<BitMask> rows, ReadOnlySpan<BitMask> columns)
    {
        var table = new double[rows.Length * columns.Length];
        for (int row = 0; row < rows.Length; row++)
        {
            for (int column = 0; column < columns.Length; column++)
            {
                table[(row * columns.Length) + column] = MaskOverlap.Dice(rows[row], columns[column]);
            }
        }

        return table;
    }
}
