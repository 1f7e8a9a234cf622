namespace AmbiSSL.Torch.Metrics;

/// <summary>How well one mask agrees with a reference.</summary>
/// <param name="Dice">2·|a ∩ b| / (|a| + |b|); two empty masks give 1, one 0.</param>
/// <param name="Hausdorff95">
/// The larger of the 95th percentiles of the distances from each border to the other, interpolated linearly, as MONAI's <c>HausdorffDistanceMetric</c> with
/// <c>percentile=95</c>. MedPy pools both directions instead, and DeepMind's surface-distance weighs points by the length of the outline. Two empty masks give
/// 0, one gives the diagonal of the image, the penalty of the BraTS challenge.
/// </param>
/// <param name="SurfaceDice">
/// The share of the pixels of both borders that are within a tolerance of the other border, as MONAI's <c>SurfaceDiceMetric</c> (Nikolov et al. 2021); two
/// empty masks give 1, one 0.
/// </param>
internal readonly record struct MaskComparison(double Dice, double Hausdorff95, double SurfaceDice)
{
    /// <summary>Compares two masks.</summary>
    /// <param name="mask">[H, W], where nonzero is foreground.</param>
    /// <param name="reference">The same.</param>
    /// <param name="size">Height and width.</param>
    /// <param name="spacing">Distances of rows and of columns.</param>
    /// <param name="tolerance">Largest distance of two borders that count as one.</param>
    public static MaskComparison Of(byte[] mask, byte[] reference, ImageSize size, PixelSpacing spacing, double tolerance)
    {
        var dice = MaskOverlap.Dice(BitMask.FromBytes(mask, size.Height, size.Width), BitMask.FromBytes(reference, size.Height, size.Width));
        var (own, other) = (new Border(mask, size), new Border(reference, size));
        if (own.IsEmpty || other.IsEmpty)
        {
            return own.IsEmpty && other.IsEmpty
                ? new MaskComparison(1, 0, 1)
                : new MaskComparison(0, double.Hypot(size.Height * spacing.Row, size.Width * spacing.Column), 0);
        }

        var (there, back) = (own.DistancesTo(other, spacing), other.DistancesTo(own, spacing));
        return new MaskComparison(
            dice,
            Math.Max(Quantile.Of(there, 0.95), Quantile.Of(back, 0.95)),
            (double)(Within(there) + Within(back)) / (there.Length + back.Length));

        int Within(double[] distances) => distances.Count(distance => distance <= tolerance);
    }
}
