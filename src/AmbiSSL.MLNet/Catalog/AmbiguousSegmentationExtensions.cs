using AmbiSSL;
using AmbiSSL.MLNet.Evaluation;
using AmbiSSL.MLNet.Interop;

namespace Microsoft.ML;

/// <summary>Puts ambiguous segmentation into ML.NET's catalogs.</summary>
public static class AmbiguousSegmentationExtensions
{
    /// <summary>The task of segmenting images whose experts disagree: trainers and all that surrounds them.</summary>
    /// <param name="mlContext">The MLContext.</param>
    public static AmbiguousSegmentationCatalog AmbiguousSegmentation(this MLContext mlContext)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        return new AmbiguousSegmentationCatalog(mlContext);
    }

    /// <summary>Trains AmbiSSL with default options.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">Output column of the sampled masks; the mean is in Probability and its entropy in
    /// Uncertainty.</param>
    /// <param name="imageColumnName">Column of the images.</param>
    /// <param name="annotationsColumnName">Column of the experts' masks, empty for unlabeled images.</param>
    /// <param name="samples">Masks N drawn for each image. At least 1.</param>
    /// <param name="epochs">Passes over the unlabeled images. At least 1.</param>
    /// <exception cref="ArgumentException">A name is empty or a number is out of its range.</exception>
    public static AmbiguousSegmentationEstimator AmbiSSL(
        this TransformsCatalog catalog,
        string outputColumnName = "Masks",
        string imageColumnName = "Image",
        string annotationsColumnName = "Annotations",
        int samples = 10,
        int epochs = 100) =>
        AmbiSSL(
            catalog,
            new AmbiSSLOptions { Samples = samples, Epochs = epochs },
            new SegmentationColumns { Masks = outputColumnName, Image = imageColumnName, Annotations = annotationsColumnName });

    /// <summary>Trains AmbiSSL.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="options">Options of the method.</param>
    /// <param name="columns">Names of the columns; null for the default ones.</param>
    /// <param name="run">Where and with what it trains; null for the default options.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static AmbiguousSegmentationEstimator AmbiSSL(
        this TransformsCatalog catalog, AmbiSSLOptions options, SegmentationColumns? columns = null, RunOptions? run = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new AmbiguousSegmentationEstimator(MlNetInterop.Environment(catalog), options, columns, run);
    }

    /// <summary>
    /// Measures the masks that a model before it in the pipeline draws: adds the columns that <see cref="MaskMeasurements"/> names, computed when a
    /// value is asked for. It is saved and loaded with the pipeline.
    /// </summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="columns">
    /// Names of the columns; null for the default ones. Where estimators follow that read a column of one of several classes,
    /// <see cref="SegmentationColumns.Classes"/> tells ML.NET that there will be one.
    /// </param>
    /// <exception cref="ArgumentException">A name is empty, or an option is out of its range.</exception>
    public static IEstimator<ITransformer> MeasureMasks(this TransformsCatalog catalog, SegmentationColumns? columns = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        columns ??= new SegmentationColumns();
        columns.Validate();
        return new MeasurementEstimator(MlNetInterop.Environment(catalog), columns);
    }
}
