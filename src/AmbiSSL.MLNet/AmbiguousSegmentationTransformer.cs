using AmbiSSL.MLNet.Columns;
using AmbiSSL.MLNet.Interop;
using AmbiSSL.MLNet.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL;

/// <summary>
/// A trained segmentation model as a transformer: it adds N plausible masks, their mean, a map of doubt and one mask to each row with an image, and
/// each annotator's own mask where the method knows its annotators apart.
/// <see cref="SegmentationColumns"/> names the columns and tells their types.
/// </summary>
/// <remarks>
/// Rows are read ahead in batches of <see cref="BatchSize"/>, and a batch is computed in one call, when one of its output values is first
/// asked for. What a row gets depends on the model and on the row's image alone, on a CPU to the last bit: within the call each image has a forward of
/// its own, so that neither the batch size nor the rows beside it matter, unless <see cref="WithImagesPerForward"/> gives that up for speed, as a CUDA
/// device does by itself.
/// Cursors may run at the same time on several threads.
/// Where two or more of ML.NET's own transforms follow and the last one's columns are read, ML.NET reads hundreds of rows ahead: put such
/// transforms before this one when only a few rows are wanted.
/// </remarks>
public sealed class AmbiguousSegmentationTransformer : ITransformer, IDisposable
{
    private readonly IHostEnvironment _environment;

    internal AmbiguousSegmentationTransformer(IHostEnvironment environment, SegmentationModel model, SegmentationColumns columns)
        : this(environment, model, columns, model.Options.Samples, model.Options.Training.BatchSize)
    {
    }

    internal AmbiguousSegmentationTransformer(
        IHostEnvironment environment, SegmentationModel model, SegmentationColumns columns, int samples, int batchSize)
        : this(environment, new SharedModel(model), columns, samples, Math.Max(batchSize, model.ImagesPerForward), model.ImagesPerForward)
    {
    }

    private AmbiguousSegmentationTransformer(
        IHostEnvironment environment, SharedModel model, SegmentationColumns columns, int samples, int batchSize, int imagesPerForward)
    {
        columns.Validate();
        _environment = environment;
        Host = environment.Register(nameof(AmbiguousSegmentationTransformer));
        SharedModel = model;
        Columns = columns with { ImageChannels = model.Shape.Channels == 1 ? 1 : 3 };
        Samples = samples;
        BatchSize = model.HasWindows ? 1 : batchSize;
        ImagesPerForward = imagesPerForward;
    }

    /// <summary>Names of the columns that are read and written.</summary>
    public SegmentationColumns Columns { get; }

    /// <summary>The options that the model was trained with, the seed among them.</summary>
    public SegmentationOptions Options => SharedModel.Options;

    /// <summary>Size of the images that the model takes, or of the windows through which it sees images of any size.</summary>
    public ImageShape Shape => SharedModel.Shape;

    /// <summary>Masks N drawn for each image.</summary>
    public int Samples { get; }

    /// <summary>
    /// Annotators A whose own masks are in column <see cref="SegmentationColumns.AnnotatorMasks"/>; 0 where the method does not know its
    /// annotators apart, and then there is no such column.
    /// </summary>
    public int KnownAnnotators => SharedModel.KnownAnnotators;

    /// <summary>Rows that are read ahead and computed in one call; 1 where the model sees images through windows, which may be large.</summary>
    /// <value>The default value is that of the training, and at least <see cref="ImagesPerForward"/>; with windows 1.</value>
    public int BatchSize { get; }

    /// <summary>Most of these rows whose images go through the networks together.</summary>
    /// <value>The default value is <see cref="SegmentationModel.ImagesPerForward"/>: on a CPU 1, on a CUDA device up to 64.</value>
    public int ImagesPerForward { get; }

    /// <summary>The trained model, which belongs to this transformer: disposing either ends both.</summary>
    public SegmentationModel Model => SharedModel.Model;

    /// <inheritdoc/>
    public bool IsRowToRowMapper => true;

    /// <summary>Marks errors and messages.</summary>
    internal IHost Host { get; }

    /// <summary>The model and its disposal, shared with the transformers made from this one.</summary>
    internal SharedModel SharedModel { get; }

    /// <summary>
    /// Whether the masks of an image fit a row of a data view, in which they are all in memory: a byte for each pixel of each class of each mask, at most
    /// <see cref="SegmentationColumns.MaximumRowBytes"/>. Other images go to files by <see cref="SegmentationModel.SampleToFiles"/>.
    /// </summary>
    /// <param name="size">Height and width of the image.</param>
    public bool FitsRow(ImageSize size) => RowBytes(size) <= Math.Min(Columns.MaximumRowBytes, Array.MaxLength);

    /// <summary>
    /// Writes the trained model as a safetensors file, which other programs can read too; an existing file is replaced at once or not at
    /// all.
    /// </summary>
    /// <param name="path">Path of the file.</param>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public void SaveWeights(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        SharedModel.ThrowIfDisposed(Host);
        Model.Save(path);
    }

    /// <summary>Writes the trained model as an ONNX file: see <see cref="SegmentationModel.ExportOnnx"/>.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="options">Whether the noise is in the file, and the numbers that it computes with; null for the default values.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or there is no image to take ranges from.</exception>
    /// <exception cref="InvalidDataException">An image to take ranges from is not as the model takes it.</exception>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public void ExportOnnx(string path, OnnxExportOptions? options = null)
    {
        SharedModel.ThrowIfDisposed(Host);
        Model.ExportOnnx(path, options);
    }

    /// <summary>
    /// The same trained model with another number of masks for each image. Both share the model: disposing either ends both.
    /// </summary>
    /// <param name="samples">Masks N for each image. From 1 to 100000.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is less than 1 or more than 100000.</exception>
    public AmbiguousSegmentationTransformer WithSamples(int samples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(samples, SegmentationOptions.MostMasks);
        return new AmbiguousSegmentationTransformer(_environment, SharedModel, Columns, samples, BatchSize, ImagesPerForward);
    }

    /// <summary>
    /// The same trained model computing another number of rows in one call. Both share the model: disposing either ends both.
    /// </summary>
    /// <param name="batchSize">Rows that are read ahead and computed in one call. At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is less than 1.</exception>
    public AmbiguousSegmentationTransformer WithBatchSize(int batchSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        return new AmbiguousSegmentationTransformer(_environment, SharedModel, Columns, Samples, batchSize, ImagesPerForward);
    }

    /// <summary>
    /// The same trained model sending another number of images through the networks together: several are faster where images are small. Rounding then
    /// depends on the rows beside: the last bits of a probability, and with them a pixel near one half, may change with the order of the rows. Both share the
    /// model: disposing either ends both. The number is not saved with it.
    /// </summary>
    /// <param name="imagesPerForward">Most images of a batch of <see cref="BatchSize"/> rows that are computed together. At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is less than 1.</exception>
    public AmbiguousSegmentationTransformer WithImagesPerForward(int imagesPerForward)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(imagesPerForward, 1);
        return new AmbiguousSegmentationTransformer(_environment, SharedModel, Columns, Samples, BatchSize, imagesPerForward);
    }

    /// <summary>
    /// The same trained model with other post-processing of its masks, which a saved model keeps; <c>Calibrate</c> of the catalog chooses one. Both share the
    /// networks: disposing either ends both.
    /// </summary>
    /// <param name="postProcessing">What is done to every mask: one for all classes, or one for each.</param>
    /// <exception cref="ArgumentException">There are more or fewer, or a smallest component is less than 1.</exception>
    public AmbiguousSegmentationTransformer WithPostProcessing(params IReadOnlyList<PostProcessing> postProcessing) => new(
        _environment, new SharedModel(Model.WithPostProcessing(postProcessing)), Columns, Samples, BatchSize, ImagesPerForward);

    /// <summary>
    /// The same trained model with another threshold of column <see cref="SegmentationColumns.Consensus"/>, which a saved model keeps; <c>Calibrate</c> of the
    /// catalog chooses one. Both share the networks: disposing either ends both.
    /// </summary>
    /// <param name="threshold">The probability above which a pixel is in the mask; at least 0, below 1.</param>
    /// <exception cref="ArgumentException">The threshold is out of its range.</exception>
    public AmbiguousSegmentationTransformer WithConsensusThreshold(double threshold) => new(
        _environment, new SharedModel(Model.WithConsensusThreshold(threshold)), Columns, Samples, BatchSize, ImagesPerForward);

    /// <summary>
    /// The same trained model with another temperature of its probabilities (<see cref="SegmentationModel.WithTemperature"/>), which a saved model keeps;
    /// <c>Calibrate</c> of the catalog chooses one. Both share the networks: disposing either ends both.
    /// </summary>
    /// <param name="temperature">T, above 0; 1 leaves probabilities what they are.</param>
    /// <exception cref="ArgumentException">The temperature is not above 0, or not finite.</exception>
    public AmbiguousSegmentationTransformer WithTemperature(double temperature) => new(
        _environment, new SharedModel(Model.WithTemperature(temperature)), Columns, Samples, BatchSize, ImagesPerForward);

    /// <summary>
    /// The same trained model with other outlines, which a saved model keeps; <c>Calibrate</c> of the catalog chooses them. With outlines there are the columns
    /// <see cref="SegmentationColumns.Inner"/> and <see cref="SegmentationColumns.Outer"/>. Both share the networks: disposing either ends both.
    /// </summary>
    /// <param name="outlines">The outlines; null for none.</param>
    /// <exception cref="ArgumentException">A number is out of its range, or there are not thresholds for each class.</exception>
    public AmbiguousSegmentationTransformer WithOutlines(ConformalOutlines? outlines) => new(
        _environment, new SharedModel(Model.WithOutlines(outlines)), Columns, Samples, BatchSize, ImagesPerForward);

    /// <summary>The input's columns and the output columns.</summary>
    /// <param name="inputSchema">Schema with the image column.</param>
    /// <exception cref="ArgumentOutOfRangeException">The image column is missing, or its type is not what the model takes.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema).Output;

    /// <summary>Makes a mapper of single rows, as a prediction engine uses.</summary>
    /// <param name="inputSchema">Schema with the image column.</param>
    /// <exception cref="ArgumentOutOfRangeException">The image column is missing, or its type is not what the model takes.</exception>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        SharedModel.ThrowIfDisposed(Host);
        return new ScoringMapper(this, Bind(inputSchema));
    }

    /// <summary>Adds the output columns. Nothing is read or computed before a cursor asks.</summary>
    /// <param name="input">Rows with the image column.</param>
    /// <exception cref="ArgumentOutOfRangeException">The image column is missing, or its type is not what the model takes.</exception>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        SharedModel.ThrowIfDisposed(Host);
        ImageColumn.CheckCache(Host, input, Columns.Image, nameof(input));
        return new ScoringDataView(this, Bind(input.Schema), input);
    }

    /// <inheritdoc/>
    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        SharedModel.ThrowIfDisposed(Host);
        TransformerFile.Save(ctx, this);
    }

    /// <summary>
    /// Frees the model's memory, once the calls that other threads have begun have ended. Cursors and prediction engines of this transformer fail
    /// from then on with <see cref="ObjectDisposedException"/>.
    /// </summary>
    public void Dispose() => SharedModel.Dispose();

    /// <summary>Rows that are read ahead: <see cref="BatchSize"/>, or as many as have no more values together than an array holds.</summary>
    internal int RowsTogether => (int)Math.Clamp(Array.MaxLength / Math.Max(SharedModel.Shape.Length, RowBytes(SharedModel.Shape.Size)), 1, BatchSize);

    /// <summary>What the masks of an image take in a row.</summary>
    internal long RowBytes(ImageSize size) => (long)Math.Max(Samples, KnownAnnotators) * SharedModel.Classes.Count * size.PixelCount;

    private ScoringSchema Bind(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new ScoringSchema(Host, Columns, SharedModel, Samples, inputSchema);
    }
}
