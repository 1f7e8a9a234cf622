using System.Globalization;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AmbiSSL;
using AmbiSSL.MLNet.Data;
using AmbiSSL.MLNet.Evaluation;
using AmbiSSL.MLNet.Persistence;
using AmbiSSL.Torch.Foundation;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Data.IO;
using Microsoft.ML.Model.OnnxConverter;
using Microsoft.ML.Runtime;

[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]
[assembly: LoadableClass(
    typeof(AmbiguousSegmentationTransformer),
    typeof(MlNetInterop),
    null,
    typeof(SignatureLoadModel),
    "Ambiguous segmentation",
    MlNetInterop.LoaderSignature)]
[assembly: LoadableClass(
    typeof(AnnotationLoadingTransformer),
    typeof(MlNetInterop.AnnotationLoadingFile),
    null,
    typeof(SignatureLoadModel),
    "Annotation loading",
    MlNetInterop.AnnotationLoadingFile.Signature)]
[assembly: LoadableClass(
    typeof(AmbiguousSegmentationEnsemble),
    typeof(MlNetInterop.EnsembleFile),
    null,
    typeof(SignatureLoadModel),
    "Ensemble of ambiguous segmentation",
    MlNetInterop.EnsembleFile.Signature)]
[assembly: LoadableClass(
    typeof(MeasurementTransformer),
    typeof(MlNetInterop.MeasurementFile),
    null,
    typeof(SignatureLoadModel),
    "Measurements of masks",
    MlNetInterop.MeasurementFile.Signature)]

namespace AmbiSSL.MLNet.Persistence;

/// <summary>
/// All that this library uses of ML.NET's internal members: model files, the environment of a catalog, its seed and cancellation,
/// and tables whose columns are not known to the compiler.
/// </summary>
internal static class MlNetInterop
{
    /// <summary>The word by which a model file finds <see cref="Create"/>. At most 24 characters.</summary>
    public const string LoaderSignature = "AmbiguousSegmentation";

    private const string WeightsEntry = "Model.safetensors";
    private const string SchemaEntry = "Schema";
    private const uint FormatVersion = 0x00010001;

    // Loads by this library that are under way, so that a device can be chosen and errors can name the file; ML.NET's own loads are not among them.
    private static readonly ConditionalWeakTable<RepositoryReader, ModelLoad> Loads = [];

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

    /// <summary>A column of vectors whose sizes may differ, as schema shapes say it.</summary>
    public static SchemaShape.Column VariableVectorShape(string name, DataViewType itemType) =>
        new(name, SchemaShape.Column.VectorKind.VariableVector, itemType, isKey: false);

    /// <summary>A column of vectors of known size, as schema shapes say it.</summary>
    public static SchemaShape.Column VectorShape(string name, DataViewType itemType, DataViewSchema.Annotations? annotations = null) =>
        new(name, SchemaShape.Column.VectorKind.Vector, itemType, isKey: false, annotations is null ? null : SchemaShape.Create(annotations.Schema));

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

    /// <summary>
    /// Writes a transformer into a model file: columns and settings in the main stream, the trained model as an entry of its own.
    /// </summary>
    public static void Save(ModelSaveContext context, AmbiguousSegmentationTransformer transformer)
    {
        context.CheckAtModel();
        context.SetVersionInfo(Version());
        context.SaveNonEmptyString(transformer.Columns.Image);
        context.SaveNonEmptyString(transformer.Columns.Annotations);
        context.SaveStringOrNull(transformer.Columns.Readers);
        context.SaveStringOrNull(transformer.Columns.Ignored);
        context.SaveNonEmptyString(transformer.Columns.Masks);
        context.SaveNonEmptyString(transformer.Columns.Probability);
        context.SaveNonEmptyString(transformer.Columns.Uncertainty);
        context.SaveNonEmptyString(transformer.Columns.Consensus);
        context.SaveNonEmptyString(transformer.Columns.Inner);
        context.SaveNonEmptyString(transformer.Columns.Outer);
        context.SaveNonEmptyString(transformer.Columns.AnnotatorMasks);
        context.SaveNonEmptyString(transformer.Columns.Unlikeness);
        context.Writer.Write(transformer.Samples);
        context.Writer.Write(transformer.BatchSize);
        context.SaveNonEmptyString(Checksum(transformer.Columns, transformer.Samples, transformer.BatchSize));
        context.SaveBinaryStream(WeightsEntry, writer => transformer.Model.Save(writer.BaseStream));
    }

    /// <summary>Reads a model file without unpacking it to disk. Nothing stays of one that is refused.</summary>
    /// <exception cref="InvalidDataException">It cannot be read, or holds no segmentation model.</exception>
    public static ITransformer Load(IHostEnvironment environment, ModelLoad load, bool readsSchema, out DataViewSchema? inputSchema)
    {
        using var stream = RegularFile.Open(load.Path, "Model file");
        try
        {
            using var archive = RepositoryReader.Open(stream, environment, useFileSystem: false);
            load.RequireEntries(Entries(archive).Values.Where(entry => entry.Name != WeightsEntry));
            Loads.Add(archive, load);
            ModelLoadContext.LoadModelOrNull<ITransformer, SignatureLoadModel>(
                environment, out var model, archive, CompositeDataLoader<object, ITransformer>.TransformerDirectory);
            load.RequireModel();
            var schema = readsSchema ? archive.OpenEntryOrNull(SchemaEntry) : null;
            inputSchema = schema is null ? null : new BinaryLoader(environment, new BinaryLoader.Arguments(), schema.Stream).Schema;
            return model;
        }
        catch (Exception exception) when (exception is not UnauthorizedAccessException)
        {
            throw environment.Process(load.Refuse(exception));
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote; ML.NET finds this method by its name and signature.</summary>
    private static AmbiguousSegmentationTransformer Create(IHostEnvironment environment, ModelLoadContext context)
    {
        context.CheckAtModel(Version());
        var columns = new SegmentationColumns
        {
            Image = context.LoadNonEmptyString(),
            Annotations = context.LoadNonEmptyString(),
            Readers = context.LoadStringOrNull(),
            Ignored = context.LoadStringOrNull(),
            Masks = context.LoadNonEmptyString(),
            Probability = context.LoadNonEmptyString(),
            Uncertainty = context.LoadNonEmptyString(),
            Consensus = context.LoadNonEmptyString(),
            Inner = context.LoadNonEmptyString(),
            Outer = context.LoadNonEmptyString(),
            AnnotatorMasks = context.LoadNonEmptyString(),
            Unlikeness = context.LoadNonEmptyString(),
        };
        var samples = context.Reader.ReadInt32();
        var batchSize = context.Reader.ReadInt32();
        var load = LoadOf(context);
        var name = NameOf(load);
        if (context.LoadNonEmptyString() != Checksum(columns, samples, batchSize))
        {
            throw environment.Process(new InvalidDataException($"{name} is damaged: its columns and settings do not match their checksum."));
        }

        if (samples < 1 || batchSize < 1)
        {
            throw environment.Process(new InvalidDataException($"{name} asks for {samples} samples in batches of {batchSize}; save the model again."));
        }

        var model = ReadModel(environment, context, name, load?.Device ?? default);
        var transformer = new AmbiguousSegmentationTransformer(environment, model, columns, samples, batchSize);
        load?.Models.Add(transformer);
        return transformer;
    }

    /// <summary>
    /// Reads the weights straight from the archive. ML.NET would unpack the whole entry first, however much it says it is; here nothing is
    /// unpacked beyond what the entry's own header, once found good, asks for.
    /// </summary>
    private static SegmentationModel ReadModel(IHostEnvironment environment, ModelLoadContext context, string name, ComputeDevice device)
    {
        var path = Path.Combine(context.Directory ?? "", WeightsEntry).Replace('\\', '/');
        var entry = Entries(context.Repository).FirstOrDefault(entry => entry.Key.Replace('\\', '/') == path).Value
            ?? throw environment.Process(new InvalidDataException($"{name} is damaged: it has no entry '{WeightsEntry}'; save the model again."));
        try
        {
            using var stream = entry.Open();
            return SegmentationModel.Load(stream, $"{name} ({WeightsEntry})", Device(environment, device));
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            throw environment.Process(exception.Message.StartsWith(name, StringComparison.Ordinal)
                ? exception
                : new InvalidDataException($"{name} is damaged: its entry '{WeightsEntry}' cannot be unpacked. {exception.Message}", exception));
        }
    }

    /// <summary>SHA-256 of what the main stream holds.</summary>
    private static string Checksum(SegmentationColumns columns, int samples, int batchSize)
    {
        string?[] own =
        [
            columns.Image, columns.Annotations, columns.Readers, columns.Ignored, columns.Masks, columns.Probability, columns.Uncertainty,
            columns.Consensus, columns.Inner, columns.Outer, columns.AnnotatorMasks, columns.Unlikeness,
        ];
        return Checksum($"{string.Join('\n', own)} {samples} {batchSize}");
    }

    private static string Checksum(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>The load by this library that reads the file; null where ML.NET itself does.</summary>
    private static ModelLoad? LoadOf(ModelLoadContext context) => Loads.TryGetValue(context.Repository, out var load) ? load : null;

    private static string NameOf(ModelLoad? load) => load?.Path ?? "This model file";

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

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_entries")]
    private static extern ref Dictionary<string, ZipArchiveEntry> Entries(RepositoryReader repository);

    // The simple assembly name: with the full one, a model saved by a later version could not be found by an earlier one.
    private static VersionInfo VersionOf(string modelSignature, string loaderSignature) => new(
        modelSignature: modelSignature,
        verWrittenCur: FormatVersion,
        verReadableCur: FormatVersion,
        verWeCanReadBack: FormatVersion,
        loaderSignature: loaderSignature,
        loaderAssemblyName: typeof(MlNetInterop).Assembly.GetName().Name);

    private static VersionInfo Version() => VersionOf("AMBISEGM", LoaderSignature);

    /// <summary>
    /// A data view of a transformer that ML.NET's converter to ONNX is told about. It would otherwise take the view for the pipeline's input and
    /// write a file that asks for masks in place of computing them.
    /// </summary>
    /// <param name="context">Marks the errors.</param>
    /// <param name="source">The input.</param>
    public abstract class TransformView(IExceptionContext context, IDataView source) : IDataTransform, ITransformCanSaveOnnx
    {
        public IDataView Source { get; } = source;

        public bool CanShuffle => Source.CanShuffle;

        public abstract DataViewSchema Schema { get; }

        public long? GetRowCount() => Source.GetRowCount();

        public abstract DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null);

        public abstract DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null);

        bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => throw NotConverted();

        void ISaveAsOnnx.SaveAsOnnx(OnnxContext ctx) => throw NotConverted();

        void ICanSaveModel.Save(ModelSaveContext ctx) => throw context.Process(new NotSupportedException(
            "A data view of masks is not saved; save the transformer that made it with mlContext.Model.Save."));

        private NotSupportedException NotConverted() => context.Process(new NotSupportedException(
            "ConvertToOnnx cannot convert a segmentation model that samples masks, nor what loads masks from files, so no ONNX file can be made of this "
            + "pipeline; write one of the model alone with ExportOnnx of its transformer, or save the pipeline with mlContext.Model.Save and run it with ML.NET."));
    }

    /// <summary>Computes columns of a row from others.</summary>
    /// <param name="transformer">Whose columns they are.</param>
    public abstract class RowMapper(ITransformer transformer) : IRowMapper
    {
        public abstract DataViewSchema.DetachedColumn[] GetOutputColumns();

        public abstract Func<int, bool> GetDependencies(Func<int, bool> activeOutput);

        /// <summary>A getter for each column of <see cref="GetOutputColumns"/> that is active, and null for the others.</summary>
        public abstract Delegate?[] CreateGetters(DataViewRow input, Func<int, bool> activeOutput);

        Delegate?[] IRowMapper.CreateGetters(DataViewRow input, Func<int, bool> activeOutput, out Action? disposer)
        {
            disposer = null;
            return CreateGetters(input, activeOutput);
        }

        ITransformer IRowMapper.GetTransformer() => transformer;

        void ICanSaveModel.Save(ModelSaveContext ctx) => transformer.Save(ctx);
    }

    /// <summary>How <see cref="AnnotationLoadingTransformer"/> goes into a model file and comes out of it.</summary>
    public static class AnnotationLoadingFile
    {
        /// <summary>The word by which a model file finds <see cref="Create"/>. At most 24 characters.</summary>
        public const string Signature = "AnnotationLoading";

        /// <summary>Writes columns and options.</summary>
        public static void Save(ModelSaveContext context, AnnotationLoadingTransformer transformer)
        {
            context.CheckAtModel();
            context.SetVersionInfo(Version());
            context.SaveNonEmptyString(JsonSerializer.Serialize(transformer.Loading, StoredLoading.Default.AnnotationLoading));
        }

        /// <summary>Reads what <see cref="Save"/> wrote; ML.NET finds this method by its name and signature.</summary>
        private static AnnotationLoadingTransformer Create(IHostEnvironment environment, ModelLoadContext context)
        {
            context.CheckAtModel(Version());
            var text = context.LoadNonEmptyString();
            try
            {
                var loading = JsonSerializer.Deserialize(text, StoredLoading.Default.AnnotationLoading)
                    ?? throw new JsonException("There are no options.");
                return new AnnotationLoadingTransformer(environment, loading);
            }
            catch (Exception exception) when (exception is JsonException or ArgumentException)
            {
                throw environment.Process(new InvalidDataException(
                    $"This model file is damaged: what it says of annotations to load cannot be read. {exception.Message}", exception));
            }
        }

        private static VersionInfo Version() => VersionOf("AMBIANNO", Signature);
    }

    /// <summary>How <see cref="AmbiguousSegmentationEnsemble"/> goes into a model file and comes out of it.</summary>
    public static class EnsembleFile
    {
        /// <summary>The word by which a model file finds <see cref="Create"/>. At most 24 characters.</summary>
        public const string Signature = "SegmentationEnsemble";

        /// <summary>Writes the models, each into a folder of its own.</summary>
        public static void Save(ModelSaveContext context, AmbiguousSegmentationEnsemble ensemble)
        {
            context.CheckAtModel();
            context.SetVersionInfo(Version());
            context.Writer.Write(ensemble.Models.Count);
            for (var i = 0; i < ensemble.Models.Count; i++)
            {
                context.SaveModel(ensemble.Models[i], Folder(i));
            }
        }

        /// <summary>Reads what <see cref="Save"/> wrote; ML.NET finds this method by its name and signature.</summary>
        private static AmbiguousSegmentationEnsemble Create(IHostEnvironment environment, ModelLoadContext context)
        {
            context.CheckAtModel(Version());
            var count = context.Reader.ReadInt32();
            var models = new List<AmbiguousSegmentationTransformer>();
            try
            {
                for (var i = 0; i < count; i++)
                {
                    context.LoadModel<AmbiguousSegmentationTransformer, SignatureLoadModel>(environment, out var model, Folder(i));
                    models.Add(model);
                }

                return new AmbiguousSegmentationEnsemble(environment, models);
            }
            catch (ArgumentException exception)
            {
                models.ForEach(model => model.Dispose());
                throw environment.Process(new InvalidDataException($"This model file is damaged: its models are no ensemble. {exception.Message}", exception));
            }
            catch
            {
                models.ForEach(model => model.Dispose());
                throw;
            }
        }

        private static string Folder(int model) => string.Create(CultureInfo.InvariantCulture, $"Member_{model:000}");

        private static VersionInfo Version() => VersionOf("AMBIENSE", Signature);
    }

    /// <summary>How <see cref="MeasurementTransformer"/> goes into a model file and comes out of it.</summary>
    public static class MeasurementFile
    {
        /// <summary>The word by which a model file finds <see cref="Create"/>. At most 24 characters.</summary>
        public const string Signature = "MaskMeasurements";

        /// <summary>Writes the names of the columns that are measured.</summary>
        public static void Save(ModelSaveContext context, MeasurementTransformer transformer)
        {
            context.CheckAtModel();
            context.SetVersionInfo(Version());
            context.SaveNonEmptyString(transformer.Columns.Masks);
            context.SaveNonEmptyString(transformer.Columns.MasksSize);
            context.SaveNonEmptyString(transformer.Columns.Probability);
            context.SaveNonEmptyString(transformer.Columns.Uncertainty);
            context.SaveNonEmptyString(transformer.Columns.Spacing);
            context.SaveNonEmptyString(Checksum(transformer.Columns));
        }

        /// <summary>Reads what <see cref="Save"/> wrote; ML.NET finds this method by its name and signature.</summary>
        private static MeasurementTransformer Create(IHostEnvironment environment, ModelLoadContext context)
        {
            context.CheckAtModel(Version());
            var columns = new SegmentationColumns
            {
                Masks = context.LoadNonEmptyString(),
                MasksSize = context.LoadNonEmptyString(),
                Probability = context.LoadNonEmptyString(),
                Uncertainty = context.LoadNonEmptyString(),
                Spacing = context.LoadNonEmptyString(),
            };
            return context.LoadNonEmptyString() == Checksum(columns)
                ? new MeasurementTransformer(environment, columns)
                : throw environment.Process(new InvalidDataException(
                    $"{NameOf(LoadOf(context))} is damaged: the columns that it measures do not match their checksum."));
        }

        private static string Checksum(SegmentationColumns columns) =>
            MlNetInterop.Checksum(string.Join('\n', columns.Masks, columns.MasksSize, columns.Probability, columns.Uncertainty, columns.Spacing));

        private static VersionInfo Version() => VersionOf("AMBIMEAS", Signature);
    }
}
