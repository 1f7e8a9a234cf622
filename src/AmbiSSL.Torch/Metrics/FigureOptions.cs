namespace AmbiSSL;

/// <summary>Which figures are computed, and by which conventions.</summary>
public sealed record FigureOptions
{
    /// <summary>The figures.</summary>
    /// <value>The default value is <see cref="Figure.Usual"/>.</value>
    public IReadOnlyList<Figure> Figures { get; init; } = Figure.Usual;

    /// <summary>What two empty masks give in the distances, and in the intersection over union.</summary>
    /// <value>The default value is <see cref="EmptyMaskConvention.IouIsOne"/>.</value>
    public EmptyMaskConvention EmptyMasks { get; init; }

    /// <summary>What a class counts for that neither a sample nor an expert of an image has a pixel of.</summary>
    /// <value>The default value is <see cref="AbsentClassConvention.Agrees"/>.</value>
    public AbsentClassConvention AbsentClasses { get; init; }

    /// <summary>
    /// How far two borders may be apart that count as one in <see cref="Figure.ConsensusSurfaceDiceMajority"/> and
    /// <see cref="Figure.ConsensusSurfaceDiceStaple"/>: millimeters where the spacing of the image's pixels is given, otherwise pixels. Not negative.
    /// </summary>
    /// <value>The default value is 1.</value>
    public double SurfaceTolerance { get; init; } = 1;

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentException">There is no figure, or the tolerance is negative or not a number.</exception>
    internal void Validate()
    {
        if (Figures is not { Count: > 0 })
        {
            throw new ArgumentException("FigureOptions.Figures names no figure; give at least one, such as those of Figure.Usual.", nameof(Figures));
        }

        if (!(SurfaceTolerance >= 0))
        {
            throw new ArgumentException(
                FormattableString.Invariant($"FigureOptions.SurfaceTolerance is {SurfaceTolerance}; it must be 0 or more."), nameof(SurfaceTolerance));
        }
    }
}
