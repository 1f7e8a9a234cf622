using AmbiSSL.MLNet.Columns;
using AmbiSSL.MLNet.Interop;
using AmbiSSL.MLNet.Training;
using AmbiSSL.Torch.Models;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL;

/// <summary>
/// Trains a segmentation model on a few images outlined by several experts and many outlined by nobody. The trained transformer adds, for
/// each image, N plausible masks, their mean and a map of doubt, and where the method knows its annotators apart, each one's own mask;
/// <see cref="SegmentationColumns"/> names the columns and tells their types.
/// </summary>
public sealed class AmbiguousSegmentationEstimator : IEstimator<AmbiguousSegmentationTransformer>
{
    // A schema shape tells that there is an annotation and not what it says.
    private static readonly ImageFormat AnyFormat = new(default, default, Preprocessing.None);

    private readonly IHostEnvironment _environment;
    private readonly IHost _host;

    internal AmbiguousSegmentationEstimator(
        IHostEnvironment environment, SegmentationOptions options, SegmentationColumns? columns, RunOptions? run)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(options);
        Columns = columns ?? new SegmentationColumns();
        Columns.Validate();
        options.Validate();
        Run = run ?? new RunOptions();
        Run.Validate();
        Options = options;
        _environment = environment;
        _host = environment.Register(nameof(AmbiguousSegmentationEstimator));
    }

    /// <summary>The method and its options.</summary>
    public SegmentationOptions Options { get; }

    /// <summary>Names of the columns that are read and written.</summary>
    public SegmentationColumns Columns { get; }

    /// <summary>Where and with what it trains.</summary>
    public RunOptions Run { get; }

    private SegmentationModel? From { get; init; }

    /// <summary>
    /// The same estimator, whose trainings start from the weights of a trained model, with a new optimizer and a schedule that begins anew: on new
    /// data, or with other options of training. Method, channels, intensity window, readers and sizes of the networks must be the same, and no image
    /// may have more masks than the model has annotators; what differs is named when training begins. In a cross-validation every fold starts from
    /// it: give a model that knows none of the patients.
    /// </summary>
    /// <param name="model">The trained model, which is not changed, and must not be disposed before the training has ended.</param>
    public AmbiguousSegmentationEstimator StartingFrom(AmbiguousSegmentationTransformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new AmbiguousSegmentationEstimator(_environment, Options, Columns, Run) { From = model.Model };
    }

    /// <summary>Checks that the image and annotations columns are there with usable types, and adds the output columns.</summary>
    /// <param name="inputSchema">Shape of the training data's schema.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var hasWindows = Options.Training.Windows is not null;
        var hasSize = ImageColumn.Check(_host, inputSchema, Columns.Image, hasWindows, nameof(inputSchema)) || !hasWindows;
        AnnotationsColumn.Check(_host, inputSchema, Columns.Annotations, nameof(inputSchema));
        ReadersColumn.Check(_host, inputSchema, Columns.Readers, nameof(inputSchema));
        IgnoredColumn.Check(_host, inputSchema, Columns.Ignored, nameof(inputSchema));
        List<SchemaShape.Column> outputs =
        [
            Maps(Columns.Masks, NumberDataViewType.Byte, ImageFormatAnnotation.Create(AnyFormat)),
            Maps(Columns.Probability, NumberDataViewType.Single),
            Maps(Columns.Uncertainty, NumberDataViewType.Single),
            Maps(Columns.Consensus, NumberDataViewType.Byte),
        ];
        if (Options.KnowsAnnotators)
        {
            var namesReaders = inputSchema.Any(column => column.Name == Columns.Readers);
            outputs.Add(Maps(
                Columns.AnnotatorMasks, NumberDataViewType.Byte, namesReaders ? ReadersAnnotation.Create(["reader"], pixels: hasSize ? 1 : 0) : null));
        }

        if (hasWindows)
        {
            outputs.Add(MlNetInterop.VectorShape(Columns.MasksSize, NumberDataViewType.Int32));
        }

        outputs.Add(MlNetInterop.NumberShape(Columns.Unlikeness, NumberDataViewType.Double));

        return new SchemaShape(inputSchema.Where(column => outputs.All(output => output.Name != column.Name)).Concat(outputs));
        SchemaShape.Column Maps(string name, DataViewType type, DataViewSchema.Annotations? annotations = null) =>
            MlNetInterop.VectorShape(name, type, annotations, hasSize);
    }

    /// <summary>
    /// Reads the image and annotations columns once and trains. Every image takes the size of the first row's, unless it is learned through windows
    /// (<see cref="TrainingOptions.Windows"/>). The seed is
    /// <see cref="SegmentationOptions.Seed"/>, or else the MLContext's, or else a random one. Each epoch writes a line to
    /// <c>MLContext.Log</c>.
    /// </summary>
    /// <param name="input">Rows with an image each, at least one of them with masks.</param>
    /// <returns>The trained transformer, which the caller disposes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="ArgumentException"><see cref="TrainingOptions.EarlyStoppingPatience"/> is set.</exception>
    /// <exception cref="InvalidOperationException">There is no row, no labeled row, or a row that cannot be used: the message names
    /// it; or no mask has a pixel of foreground; or the images need an intensity window, which it proposes.</exception>
    /// <exception cref="IOException">The images take more than <see cref="RunOptions.CacheLimitBytes"/>, and there is no room for
    /// them in a temporary file.</exception>
    /// <exception cref="OperationCanceledException">
    /// The run options' token or ML.NET canceled the training, and no model is to be kept (<see cref="RunOptions.KeepsModelOnCancel"/>), or there is none.
    /// </exception>
    public AmbiguousSegmentationTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Options.Training.RequireNoEarlyStopping("give one as Fit's second argument, or leave it null");
        return Train(input, null);
    }

    /// <summary>
    /// Trains as <see cref="Fit(IDataView)"/> does and scores the model on other images while it is trained
    /// (<see cref="TrainingOptions.ValidationEvery"/>). The transformer is that of the epoch with the lowest generalized energy distance
    /// on them.
    /// </summary>
    /// <param name="trainData">Rows with an image each, at least one of them with masks.</param>
    /// <param name="validationData">
    /// Rows of other subjects with images that have the size of the training images, or become so as these did; those with masks are used.
    /// </param>
    /// <returns>The trained transformer, which the caller disposes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="InvalidOperationException">There is no row, no labeled row, or a row that cannot be used: the message names
    /// it; or no mask has a pixel of foreground; or the images need an intensity window, which it proposes.</exception>
    /// <exception cref="IOException">The images take more than <see cref="RunOptions.CacheLimitBytes"/>, and there is no room for
    /// them in a temporary file.</exception>
    /// <exception cref="OperationCanceledException">
    /// The run options' token or ML.NET canceled the training, and no model is to be kept (<see cref="RunOptions.KeepsModelOnCancel"/>), or there is none.
    /// </exception>
    public AmbiguousSegmentationTransformer Fit(IDataView trainData, IDataView validationData)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        ArgumentNullException.ThrowIfNull(validationData);
        return Train(trainData, validationData);
    }

    /// <summary>The same estimator for a fold of a cross-validation, with sub-folders in place of the folders that it writes to while it trains.</summary>
    /// <param name="fold">The fold that is held out, which its reports name.</param>
    /// <param name="cancellation">Ends its trainings in place of the run options' token.</param>
    internal AmbiguousSegmentationEstimator ForFold(int fold, CancellationToken cancellation)
    {
        var name = $"fold-{fold}";
        return new AmbiguousSegmentationEstimator(
            _environment,
            Options,
            Columns,
            Run with
            {
                CheckpointDirectory = Run.CheckpointDirectory is { } checkpoints ? Path.Combine(checkpoints, name) : null,
                TensorBoardDirectory = Run.TensorBoardDirectory is { } logs ? Path.Combine(logs, name) : null,
                EpochTablePath = Run.EpochTablePath is { } table ? Path.Combine(Path.GetDirectoryName(table)!, name, Path.GetFileName(table)) : null,
                Fold = fold,
                CancellationToken = cancellation,
            })
        {
            From = From,
        };
    }

    private AmbiguousSegmentationTransformer Train(IDataView trainData, IDataView? validationData)
    {
        using var channel = _host.Start("Training");
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Run.CancellationToken);

        // ML.NET's own cancellation is a flag to look at, so every row and every report looks.
        void ForwardCancellation()
        {
            if (MlNetInterop.IsCanceled(_host))
            {
                cancellation.Cancel();
            }
        }

        void ThrowIfCanceled()
        {
            ForwardCancellation();
            cancellation.Token.ThrowIfCancellationRequested();
        }

        try
        {
            using var images = CacheFiller.Fill(
                _host, trainData, Columns, CreateCache, ThrowIfCanceled, channel: channel, anySize: Options.Training.Windows is not null);
            SuspectMasks.RequireForeground(_host, Columns.Annotations, images);
            var window = Options.Training.IntensityWindow;
            SuspectIntensities.Check(_host, Columns.Image, images, window, channel);
            using var validation = validationData is null
                ? null
                : CacheFiller.Fill(
                    _host, validationData, Columns, CreateCache, ThrowIfCanceled,
                    images.Format with { Intensities = IntensityScale.Of(images, window) }, channel, images.Shape.IsAnySize);
            ThrowIfCanceled();
            var options = Options with { Seed = Options.Seed ?? MlNetInterop.Seed(_environment) ?? RandomSeed() };
            var run = Run with
            {
                Device = MlNetInterop.Device(_environment, Run.Device),
                Progress = new TrainingLog(channel, Run.Progress, ForwardCancellation),
                CancellationToken = cancellation.Token,
            };
            channel.Info(MessageSensitivity.None, "{0}", Describe(images, validation, options));
            if (PretrainedEncoder.Describe(options, images.Shape.Channels) is { } pretrained)
            {
                channel.Info(MessageSensitivity.None, "{0}", pretrained);
            }

            var model = SegmentationTrainer.Fit(images, options, run, validation, From);
            return new AmbiguousSegmentationTransformer(_environment, model, Columns);
        }
        catch (OperationCanceledException exception) when (cancellation.IsCancellationRequested)
        {
            throw _host.Process(new OperationCanceledException("Training was canceled.", exception, Run.CancellationToken));
        }
    }

    /// <summary>An empty cache; ML.NET's registered hosts do not know the folder that the MLContext was given.</summary>
    private ImageCache CreateCache(ImageFormat format) => new(format, Run.CacheLimitBytes, MlNetInterop.TemporaryFolder(_environment));

    /// <summary>None where a checkpoint may know the seed of the run.</summary>
    private int? RandomSeed() => Run.CheckpointDirectory is null ? Random.Shared.Next() : null;

    private static string Readers(ImageCache images) => images.Readers.Count == 0 ? "" : $" by {string.Join(", ", images.Readers)}";

    private static string Describe(ImageCache images, ImageCache? validation, SegmentationOptions options) =>
        FormattableString.Invariant($"Training {options.MethodName} on {images.Count} images of {images.Shape}, ")
        + FormattableString.Invariant($"{images.Labeled.Count()} of them labeled with up to {images.MaximumAnnotators} masks{Readers(images)}, ")
        + (validation is null ? "" : FormattableString.Invariant($"validated on {validation.Labeled.Count()} images, "))
        + (options.Seed is { } seed ? FormattableString.Invariant($"seed {seed}") : "a random seed");
}
