using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]

namespace AmbiSSL.MLNet.Interop;

/// <summary>
/// What this library uses of ML.NET's internal members beside model files: the environment of a catalog, its seed and cancellation, shapes of
/// columns, rows that a mapper computes, and tables whose columns are not known to the compiler.
/// </summary>
internal static class MlNetInterop
{
    /// <summary>The environment that a catalog works in.</summary>
    public static IHostEnvironment Environment(TransformsCatalog catalog) => ((IInternalCatalog)catalog).Environment;

    /// <summary>The seed that the MLContext was made with; null when none was given.</summary>
    public static int? Seed(IHostEnvironment environment) => (environment as IHostEnvironmentInternal)?.Seed;

    /// <summary>The folder for temporary files that the MLContext was given; null where it has none.</summary>
    public static string? TemporaryFolder(IHostEnvironment environment) => (environment as IHostEnvironmentInternal)?.TempFilePath;

    /// <summary>The device to compute on: in place of the automatic choice that which the MLContext was given, if it was.</summary>
    public static ComputeDevice Device(IHostEnvironment environment, ComputeDevice asked) =>
        asked == ComputeDevice.Auto && environment is IHostEnvironmentInternal { GpuDeviceId: { } index } context
            && ComputeDevice.Cuda(index) is var gpu && (gpu.IsAvailable || !context.FallbackToCpu)
            ? gpu
            : asked;

    /// <summary>Whether ML.NET wants the work to end.</summary>
    public static bool IsCanceled(IHost host) => host is ICancelable { IsCanceled: true };

    /// <summary>Whether rows come through one of ML.NET's caches, whatever transforms follow it.</summary>
    public static bool IsBehindCache(IDataView data) => data is CacheDataView || (data is IDataTransform transform && IsBehindCache(transform.Source));

    /// <summary>A column of vectors of known size, or of sizes that may differ, as schema shapes say it.</summary>
    public static SchemaShape.Column VectorShape(
        string name, DataViewType itemType, DataViewSchema.Annotations? annotations = null, bool hasKnownSize = true) =>
        new(
            name, hasKnownSize ? SchemaShape.Column.VectorKind.Vector : SchemaShape.Column.VectorKind.VariableVector, itemType, isKey: false,
            annotations is null ? null : SchemaShape.Create(annotations.Schema));

    /// <summary>A column of numbers, as schema shapes say it.</summary>
    public static SchemaShape.Column NumberShape(string name, DataViewType type) => new(name, SchemaShape.Column.VectorKind.Scalar, type, isKey: false);

    /// <summary>A pair of training and test data, whose constructor ML.NET keeps to itself.</summary>
    public static DataOperationsCatalog.TrainTestData TrainTestData(IDataView train, IDataView test) => new(train, test);

    /// <summary>What a fold of a cross-validation gave, whose constructor ML.NET keeps to itself.</summary>
    public static TrainCatalogBase.CrossValidationResult<AmbiguousSegmentationMetrics> CrossValidationResult(
        ITransformer model, AmbiguousSegmentationMetrics metrics, IDataView scored, int fold) => new(model, metrics, scored, fold);

    /// <summary>A table of scores: Row, and a column for each figure; ML.NET makes tables without a class of rows for itself alone.</summary>
    public static IDataView TableOf(
        IHostEnvironment environment, IReadOnlyCollection<long> rows, IReadOnlyCollection<ImageScores> scores, IEnumerable<Figure> figures,
        IEnumerable<(string Name, double[] Values)> further)
    {
        var table = new ArrayDataViewBuilder(environment);
        table.AddColumn("Row", NumberDataViewType.Int64, [.. rows]);
        foreach (var figure in figures.Distinct().Where(figure => figure.IsPerImage))
        {
            table.AddColumn(figure.Name, NumberDataViewType.Double, [.. scores.Select(image => image[figure])]);
        }

        foreach (var (name, values) in further)
        {
            table.AddColumn(name, NumberDataViewType.Double, values);
        }

        return table.GetDataView();
    }

    /// <summary>Rows one by one with the columns that a mapper computes from others, as ML.NET's own transforms make them.</summary>
    /// <param name="environment">What ML.NET works in.</param>
    /// <param name="schema">Columns of the rows.</param>
    /// <param name="mapper">Makes a mapper for a schema.</param>
    public static IRowToRowMapper MapRows(IHostEnvironment environment, DataViewSchema schema, Func<DataViewSchema, RowMapper> mapper) =>
        new RowToRowMapperTransform(environment, new EmptyDataView(environment, schema), mapper(schema), mapper);

    /// <summary>A data view with the columns that a mapper computes from others.</summary>
    /// <param name="environment">What ML.NET works in.</param>
    /// <param name="input">The rows.</param>
    /// <param name="mapper">Makes a mapper for a schema.</param>
    public static IDataView MapView(IHostEnvironment environment, IDataView input, Func<DataViewSchema, RowMapper> mapper) =>
        new RowToRowMapperTransform(environment, input, mapper(input.Schema), mapper);
}
