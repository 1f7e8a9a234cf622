namespace AmbiSSL;

/// <summary>
/// The columns that <see cref="Microsoft.ML.AmbiguousSegmentationCatalog.Measure"/> and
/// <see cref="Microsoft.ML.AmbiguousSegmentationExtensions.MeasureMasks"/> add: what <c>ambissl predict</c> writes to <c>measurements.csv</c>. Areas
/// and diameters are <c>Vector&lt;Double, 3&gt;</c>, the median over the samples and the 5th and 95th percentiles, with the slot names Median, Low
/// and High (<see cref="SampleInterval"/>); the others are Double.
/// </summary>
public static class MaskMeasurements
{
    /// <summary>Foreground pixels (<see cref="MaskSizes.Area"/>).</summary>
    public const string AreaPixels = "AreaPixels";

    /// <summary>Square millimeters of the foreground; NaN where the spacing is not known, and not there without a column of spacings.</summary>
    public const string AreaMm2 = "AreaMm2";

    /// <summary>The longest diameter in sides of a pixel (<see cref="MaskSizes.LongestDiameter"/>).</summary>
    public const string DiameterPixels = "DiameterPixels";

    /// <summary>The longest diameter in millimeters; NaN where the spacing is not known, and not there without a column of spacings.</summary>
    public const string DiameterMm = "DiameterMm";

    /// <summary>The mean of the uncertainty map in bits (<see cref="UncertaintyScores.Mean"/>).</summary>
    public const string UncertaintyMean = "UncertaintyMean";

    /// <summary>The most uncertain patch (<see cref="UncertaintyScores.PatchMaximum"/>).</summary>
    public const string UncertaintyPatchMaximum = "UncertaintyPatchMaximum";

    /// <summary>Uncertainty in relation to what is found (<see cref="UncertaintyScores.PerForegroundPixel"/>).</summary>
    public const string UncertaintyPerForegroundPixel = "UncertaintyPerForegroundPixel";

    /// <summary>The column of a measurement of one class, where masks have several.</summary>
    /// <param name="measurement">An area or a diameter, such as <see cref="AreaPixels"/>.</param>
    /// <param name="name">The name of the class.</param>
    public static string OfClass(string measurement, string name) => $"{measurement} of {name}";

    /// <summary>The columns of a measurement of each class.</summary>
    internal static IEnumerable<string> OfEach(string measurement, MaskClasses classes) =>
        classes.Count == 1 ? [measurement] : classes.Names.Select(name => OfClass(measurement, name));
}
