using AmbiSSL;
using AmbiSSL.MLNet.Columns;
using AmbiSSL.MLNet.Data;
using AmbiSSL.MLNet.Evaluation;
using AmbiSSL.MLNet.Interop;
using AmbiSSL.Torch.Inspection;
using AmbiSSL.Torch.Metrics;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>The task of segmenting images whose experts disagree; <c>mlContext.AmbiguousSegmentation()</c> makes it.</summary>
public sealed class AmbiguousSegmentationCatalog
{
    private const string SubjectColumnName = "Subject";

    internal AmbiguousSegmentationCatalog(MLContext context)
    {
        Environment = context;
        Trainers = new AmbiguousSegmentationTrainers(context);
    }

    /// <summary>The methods that can be trained.</summary>
    public AmbiguousSegmentationTrainers Trainers { get; }

    /// <summary>The environment of the MLContext.</summary>
    internal IHostEnvironment Environment { get; }

    /// <summary>
    /// Opens a folder of images and masks: <c>images/ID.png</c>, <c>masks/ID_r1.png</c>, <c>masks/ID_r2.png</c> and so on, and
    /// <c>index.csv</c> with at least the columns <c>id,subject,annotators</c>. Images are read when their rows are.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <param name="preprocessing">How images of several sizes become one size; null where they have one.</param>
    /// <param name="reading">How files are read, and by what it is known who drew the masks; null for the default values.</param>
    /// <returns>
    /// Columns Id and Subject (text), Image (<c>Vector&lt;Byte, C, H, W&gt;</c> of 8-bit files, of <c>UInt16</c> of 16-bit ones, of
    /// <c>Single</c> of resized ones), Annotations (<c>Vector&lt;Byte&gt;</c>, empty when unlabeled), Readers (a vector of text, the name of each
    /// mask's reader) where the data has names, Ignored (<c>Vector&lt;Byte&gt;</c>) where
    /// <see cref="ReadingOptions.ForegroundValues"/> ignores values, Fold (Int32) where the index has one, and the further columns of the index as text.
    /// What is done to the images goes with their column, and into the model trained on it.
    /// </returns>
    /// <exception cref="IOException">The folder or a file is missing.</exception>
    /// <exception cref="InvalidDataException">The index or an image is damaged, or sizes do not agree; the message names the file and row.</exception>
    public IDataView LoadFolder(string path, Preprocessing? preprocessing = null, ReadingOptions? reading = null) =>
        Load(ImageFolder.Open(path, preprocessing, reading));

    /// <summary>
    /// A data view of any source of images, such as <see cref="SyntheticLesions"/>. <c>MLContext.Log</c> gets a warning where files are left out
    /// (<see cref="ImageSource.LeftOut"/>).
    /// </summary>
    /// <param name="source">The images; each is read when its row is.</param>
    /// <returns>The columns of <see cref="LoadFolder"/>.</returns>
    public IDataView Load(ImageSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.LeftOut.Count > 0)
        {
            using var channel = Environment.Start(nameof(Load));
            channel.Warning(MessageSensitivity.None, "{0}", LeftOutFile.Summarize(source.LeftOut));
        }

        return new ImageSourceView(Environment, source);
    }

    /// <summary>
    /// Reads the experts' masks from the files that a column names, in a pipeline before a trainer: as <c>LoadImages</c> does with images. A fitted
    /// pipeline scores rows without that column too, and is saved and loaded with the others.
    /// </summary>
    /// <param name="outputColumnName">Output column of the masks, <c>Vector&lt;Byte&gt;</c> of A·H·W values of 0 and 1; empty where a row names none.</param>
    /// <param name="inputColumnName">
    /// Column of text: paths, one or a vector, in which empty ones are passed over; or with <see cref="AnnotationLoadingOptions.Pattern"/> the images' ids.
    /// </param>
    /// <param name="options">How files are found and read; null for the default values.</param>
    /// <exception cref="ArgumentException">A name is empty, or an option is out of its range.</exception>
    public AnnotationLoadingEstimator LoadAnnotations(
        string outputColumnName, string inputColumnName, AnnotationLoadingOptions? options = null) =>
        new(Environment, new AnnotationLoading(outputColumnName, inputColumnName, options ?? new AnnotationLoadingOptions(), Size: null));

    /// <summary>Splits rows by subject, so that no patient is on both sides. It depends on the set of subjects and the seed alone.</summary>
    /// <param name="data">Rows with a text column of subjects.</param>
    /// <param name="testFraction">Share of the subjects to test on, between 0 and 1.</param>
    /// <param name="subjectColumnName">The column of subjects.</param>
    /// <param name="seed">Another seed, another split; null for that of the MLContext, or else 0.</param>
    /// <exception cref="ArgumentException">The column is missing or no text, the fraction is out of range, or there are fewer than two subjects.</exception>
    public DataOperationsCatalog.TrainTestData TrainTestSplit(
        IDataView data, double testFraction = 0.1, string subjectColumnName = SubjectColumnName, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        var column = SubjectColumn.Find(Environment, data.Schema, subjectColumnName);
        var split = SubjectSplit.TrainTest(SubjectColumn.Read(Environment, data, subjectColumnName), testFraction, SeedOf(seed));
        return MlNetInterop.TrainTestData(new SubjectFilterView(data, column, split.Train), new SubjectFilterView(data, column, split.Test));
    }

    /// <summary>Keeps the annotations of some subjects and empties those of the others, whose images become unlabeled.</summary>
    /// <param name="data">Rows with a text column of subjects.</param>
    /// <param name="fraction">Share of the subjects that keep their annotations, above 0 up to 1; at least one does.</param>
    /// <param name="subjectColumnName">The column of subjects.</param>
    /// <param name="annotationsColumnName">The column of masks.</param>
    /// <param name="seed">Another seed, other subjects; null for that of the MLContext, or else 0.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or the fraction is out of range.</exception>
    public IDataView KeepAnnotations(
        IDataView data,
        double fraction,
        string subjectColumnName = SubjectColumnName,
        string annotationsColumnName = "Annotations",
        int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        var subjects = SubjectColumn.Read(Environment, data, subjectColumnName);
        return KeepAnnotations(data, SubjectSplit.KeepLabeled(subjects, fraction, SeedOf(seed)), subjectColumnName, annotationsColumnName);
    }

    /// <summary>Keeps the annotations of the named subjects and empties those of the others, whose images become unlabeled.</summary>
    /// <param name="data">Rows with a text column of subjects.</param>
    /// <param name="subjects">Who keeps annotations.</param>
    /// <param name="subjectColumnName">The column of subjects.</param>
    /// <param name="annotationsColumnName">The column of masks.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public IDataView KeepAnnotations(
        IDataView data, IReadOnlySet<string> subjects, string subjectColumnName = SubjectColumnName, string annotationsColumnName = "Annotations")
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(subjects);
        return new LabeledSubjectsView(
            data,
            SubjectColumn.Find(Environment, data.Schema, subjectColumnName),
            AnnotationsColumn.Find(Environment, data.Schema, annotationsColumnName, nameof(data)),
            subjects);
    }

    /// <summary>The rows of the named subjects.</summary>
    /// <param name="data">Rows with a text column of subjects.</param>
    /// <param name="subjects">Whose rows are kept.</param>
    /// <param name="subjectColumnName">The column of subjects.</param>
    /// <exception cref="ArgumentException">The column is missing or no text.</exception>
    public IDataView FilterSubjects(IDataView data, IReadOnlySet<string> subjects, string subjectColumnName = SubjectColumnName)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(subjects);
        return new SubjectFilterView(data, SubjectColumn.Find(Environment, data.Schema, subjectColumnName), subjects);
    }

    /// <summary>
    /// Scores sampled masks against the experts'. Rows without annotations are left out and counted. <c>MLContext.Log</c> gets a warning of classes that no
    /// annotation has a pixel of. Where the data has a column of annotators' masks, each is scored against its own expert's: that of the reader of the same
    /// name in the column <see cref="SegmentationColumns.Readers"/>, or, where the model's annotators are ranks by area, the one of the same rank in the row.
    /// </summary>
    /// <param name="scored">What the trained transformer returned for data with annotations.</param>
    /// <param name="columns">Names of the columns; null for the default ones.</param>
    /// <param name="figures">Which figures are computed, and by which conventions; null for <see cref="Figure.Usual"/>.</param>
    /// <param name="spacings">The distances of the pixels of each row's masks in millimeters, in the order of the rows; null to measure in pixels.</param>
    /// <exception cref="ArgumentException">
    /// A column is missing or of the wrong type, the figures' options are out of range, or spacings are not as many as rows.
    /// </exception>
    /// <exception cref="InvalidOperationException">No row has annotations, or a row's masks have another size.</exception>
    public AmbiguousSegmentationMetrics Evaluate(
        IDataView scored, SegmentationColumns? columns = null, FigureOptions? figures = null, IReadOnlyList<PixelSpacing>? spacings = null)
    {
        ArgumentNullException.ThrowIfNull(scored);
        return Evaluator.Evaluate(Environment, scored, columns ?? new SegmentationColumns(), figures ?? new FigureOptions(), spacings);
    }

    /// <summary>
    /// Scores sampled masks against the experts' as <see cref="Evaluate"/> does and writes one HTML file to judge them by: figures with intervals over
    /// subjects, charts, and every image with its outlines, samples, probability and uncertainty. The text columns Id and Subject name the images and
    /// whose they are, where the data has them.
    /// </summary>
    /// <param name="path">The HTML file; one that is there is replaced.</param>
    /// <param name="models">A name, and what the trained transformer returned for data with annotations: of one model, or of two for the same data.</param>
    /// <param name="columns">Names of the columns; null for the default ones.</param>
    /// <param name="title">What stands above all.</param>
    /// <param name="figures">Figures beside <see cref="Figure.Usual"/>, and by which conventions; null for the usual ones alone.</param>
    /// <param name="spacings">The distances of the pixels of each row's masks in millimeters, in the order of the rows; null to measure in pixels.</param>
    /// <param name="outlines">
    /// The outlines with a promise of each model (<see cref="SegmentationModel.Outlines"/>), null for a model without; null to show none.
    /// </param>
    /// <exception cref="ArgumentException">
    /// There are no models or more than two, a column is missing or of the wrong type, spacings are fewer than rows, or outlines not as many as models.
    /// </exception>
    /// <exception cref="InvalidOperationException">No row has annotations, or the two data views have different rows.</exception>
    public void SaveReport(
        string path,
        IReadOnlyList<(string Model, IDataView Scored)> models,
        SegmentationColumns? columns = null,
        string title = "Evaluation",
        FigureOptions? figures = null,
        IReadOnlyList<PixelSpacing>? spacings = null,
        IReadOnlyList<ConformalOutlines?>? outlines = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(models);
        var report = new EvaluationReport(title, "", [.. models.Select(model => model.Model)])
        {
            Figures = figures ?? new FigureOptions(), Outlines = outlines ?? [],
        };
        columns ??= new SegmentationColumns();
        using var images = new ScoredImages(Environment, [.. models.Select(model => model.Scored)], columns);
        while (images.MoveNext())
        {
            Evaluator.RequireSpacing(Environment, spacings, images.Row);
            if (images.Experts.Count > 0)
            {
                images.RequireCounted();
                report.Add(images.Image(), images.Drawn(), spacings?[(int)images.Row]);
            }
        }

        if (report.Count == 0)
        {
            throw Environment.Process(new InvalidOperationException(
                $"Column '{columns.Annotations}' is empty in all {images.Row} rows; a report needs at least one image with masks."));
        }

        report.Save(path);
    }

    /// <summary>
    /// Adds to each row what the model's samples measure and how doubtful they are, computed when a value is asked for: the columns that
    /// <see cref="MaskMeasurements"/> names, of one model or of an ensemble. In a pipeline, which is saved with its models,
    /// <see cref="AmbiguousSegmentationExtensions.MeasureMasks"/> does the same.
    /// </summary>
    /// <param name="scored">What the trained transformer returned.</param>
    /// <param name="columns">Names of the columns; null for the default ones.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public IDataView Measure(IDataView scored, SegmentationColumns? columns = null)
    {
        ArgumentNullException.ThrowIfNull(scored);
        return new MeasurementTransformer(Environment, columns ?? new SegmentationColumns()).Transform(scored);
    }

    /// <summary>
    /// A picture of what a model sees and draws: a row for the first image of each subject, with the experts' outlines where there are any. The text
    /// columns Id and Subject name the images and whose they are, where the data has them.
    /// </summary>
    /// <param name="scored">What the trained transformer returned.</param>
    /// <param name="images">Most images to show, at least 1.</param>
    /// <param name="samples">Most masks to show for each image, at least 1.</param>
    /// <param name="columns">Names of the columns; null for the default ones.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public MaskSheet DrawSheet(IDataView scored, int images = 6, int samples = 6, SegmentationColumns? columns = null)
    {
        ArgumentNullException.ThrowIfNull(scored);
        ArgumentOutOfRangeException.ThrowIfLessThan(images, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        using var rows = new ScoredImages(Environment, [scored], columns ?? new SegmentationColumns());
        var sheet = new MaskSheet(Math.Min(samples, rows.Samples));
        var shown = new HashSet<string>();
        while (shown.Count < images && rows.MoveNext())
        {
            if (shown.Add(rows.Subject))
            {
                var (image, (masks, probability)) = (rows.Image(), rows.Drawn()[0]);
                sheet.Add(image, masks, probability, ClassProbabilities.EntropyMap(image.Annotations.Classes, probability));
            }
        }

        return sheet;
    }

    /// <summary>
    /// Which images to outline next: those about which the model expects experts to disagree most, judged by how far its samples lie apart. Rows
    /// with annotations are left out. The text columns Id and Subject name the images and whose they are, where the data has them.
    /// </summary>
    /// <param name="scored">What the trained transformer returned, with at least 2 samples a row; the column of annotations may be missing.</param>
    /// <param name="columns">Names of the columns; null for the default ones.</param>
    /// <returns>The rows without annotations, the largest disagreement first.</returns>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or there is one sample a row.</exception>
    /// <exception cref="InvalidOperationException">Every row has annotations.</exception>
    public IReadOnlyList<RankedImage> RankByDisagreement(IDataView scored, SegmentationColumns? columns = null)
    {
        ArgumentNullException.ThrowIfNull(scored);
        return Ranking.ByDisagreement(Environment, scored, columns ?? new SegmentationColumns());
    }

    /// <summary>
    /// Chooses on images with annotations what a model does to its masks: of no post-processing, holes filled, components of less than 5, 10, 20, 50
    /// or 100 pixels removed and the largest component only, the one with which the samples have the lowest generalized energy distance, and nothing
    /// where nothing helps; then, of the thresholds 0.1, 0.15 to 0.9 of the mean probability of the samples, the one with which column Consensus has
    /// the highest mean Dice with the majority of the annotations, pixels that at least half of them hold inside; the temperature at which the
    /// probability has the lowest Brier score against the share of annotations; and, by conformal risk control, an inner and an outer outline that
    /// promise a coverage (<see cref="ConformalOutlines"/>), for which the text column Subject says whose a row is, where there is one. Of several
    /// classes, post-processing and outlines are chosen for each, one threshold and one temperature for all, by means over them; where classes
    /// exclude each other, masks are drawn a second time for the outlines.
    /// </summary>
    /// <param name="model">A trained model, of which what was chosen before is left aside.</param>
    /// <param name="data">
    /// Rows as the model takes them, of patients on which it was not trained and will not be tested; those without annotations are passed over.
    /// </param>
    /// <param name="coverage">
    /// What the outlines promise, above 0 and below 1. Patients are needed for it, 9 for 0.9 and 19 for 0.95: with fewer the model gets no outlines.
    /// </param>
    /// <returns>The model with what was chosen, which is saved with it. Both share the networks: disposing either ends both.</returns>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or the coverage is out of its range.</exception>
    /// <exception cref="InvalidOperationException">No row has annotations, or none of them has a pixel of foreground.</exception>
    public AmbiguousSegmentationTransformer Calibrate(AmbiguousSegmentationTransformer model, IDataView data, double coverage = 0.9)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        ConformalOutlines.RequireCoverage(coverage);
        return ModelCalibration.Run(Environment, model, data, coverage);
    }

    /// <summary>
    /// Makes one transformer of several trained models: each draws masks of every image, and the uncertainty has two parts, between experts and between models.
    /// </summary>
    /// <param name="models">
    /// What <c>Fit</c>, <see cref="LoadModel(string, ComputeDevice)"/> or a fold of <see cref="CrossValidate"/> gave, two or more. They belong to the ensemble
    /// from now on: disposing it ends them.
    /// </param>
    /// <exception cref="ArgumentException">
    /// There are fewer than two, one is no segmentation model, has windows or draws the masks of single annotators, or they take other images, draw
    /// other numbers of masks, clean them otherwise or name columns otherwise than the first.
    /// </exception>
    public AmbiguousSegmentationEnsemble Ensemble(params IEnumerable<ITransformer> models)
    {
        ArgumentNullException.ThrowIfNull(models);
        return new AmbiguousSegmentationEnsemble(Environment, [.. models.Select(model => model as AmbiguousSegmentationTransformer
            ?? throw new ArgumentException(
                $"One of the models is {model?.GetType().Name ?? "null"}; give segmentation models, "
                + "and put other transforms of a pipeline before the ensemble.",
                nameof(models)))]);
    }

    /// <summary>
    /// Trains on all folds but one and evaluates on that one, for each fold. All images of a subject are in one fold; where the data has a
    /// column of folds these are used, otherwise the folds depend on the set of subjects and the seed alone.
    /// </summary>
    /// <param name="data">Rows with a text column of subjects.</param>
    /// <param name="estimator">
    /// An estimator of this task, or a chain that ends in one. An <see cref="AmbiguousSegmentationEstimator"/> with a folder for checkpoints
    /// or for TensorBoard uses a sub-folder <c>fold-0</c>, <c>fold-1</c> and so on for each fold, so that a cross-validation that was
    /// interrupted goes on where it was when it is started again.
    /// </param>
    /// <param name="numberOfFolds">2 up to the number of subjects; without effect where the data has a column of folds.</param>
    /// <param name="labeledFraction">
    /// Share of the training subjects that keep their annotations, above 0 up to 1; at least one does. The held-out subjects keep theirs.
    /// </param>
    /// <param name="subjectColumnName">The column of subjects.</param>
    /// <param name="foldColumnName">
    /// Int32 column of folds; null for the column Fold, where there is one. To split anew, drop it first.
    /// </param>
    /// <param name="columns">Names of the columns; null for those of the estimator, or of a chain for the default ones.</param>
    /// <param name="seed">Another seed, other folds and other annotations; null for that of the MLContext, or else 0.</param>
    /// <param name="fold">
    /// The only fold to hold out, as one of several processes does, or a program that keeps one model at a time; null for each in turn. A fold
    /// gives the same alone as among the others.
    /// </param>
    /// <param name="parallel">
    /// Folds that are trained side by side in this process, each on a thread of its own and with memory of its own. A fold gives the same bits as
    /// alone. It pays where one training leaves a processor or a GPU idle. The first error, or a cancellation, stops an
    /// <see cref="AmbiguousSegmentationEstimator"/>'s other folds too; a chain's are ended first. Progress names the fold, and comes from several
    /// threads at a time.
    /// </param>
    /// <param name="figures">Which figures are computed, and by which conventions; null for the usual ones.</param>
    /// <returns>For each fold its number, the model, which the caller disposes, the scored held-out rows and their metrics.</returns>
    /// <exception cref="ArgumentException">
    /// A column is missing or of the wrong type, a number is out of range, there is no such fold, or
    /// <see cref="TrainingOptions.EarlyStoppingPatience"/> is set.
    /// </exception>
    /// <exception cref="InvalidDataException">The column of folds leaves a row out, divides a subject, or names one fold alone.</exception>
    /// <exception cref="InvalidOperationException">A fold has no annotations.</exception>
    public IReadOnlyList<TrainCatalogBase.CrossValidationResult<AmbiguousSegmentationMetrics>> CrossValidate(
        IDataView data,
        IEstimator<ITransformer> estimator,
        int numberOfFolds = SubjectSplit.DefaultFolds,
        double labeledFraction = 1,
        string subjectColumnName = SubjectColumnName,
        string? foldColumnName = null,
        SegmentationColumns? columns = null,
        int? seed = null,
        int? fold = null,
        int parallel = 1,
        FigureOptions? figures = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(estimator);
        ArgumentOutOfRangeException.ThrowIfLessThan(parallel, 1);
        var own = estimator as AmbiguousSegmentationEstimator;
        own?.Options.Training.RequireNoEarlyStopping("folds are trained to the last epoch: leave it null");
        columns ??= own?.Columns ?? new SegmentationColumns();
        var folds = CrossValidation.Of(Environment, data, numberOfFolds, subjectColumnName, foldColumnName, SeedOf(seed));
        return new SideBySide(parallel, own?.Run.CancellationToken ?? default).Run(folds.Held(fold), Hold, result => (result.Model as IDisposable)?.Dispose());

        TrainCatalogBase.CrossValidationResult<AmbiguousSegmentationMetrics> Hold(int held, CancellationToken cancellation)
        {
            var labeled = SubjectSplit.KeepLabeled(folds.TrainingSubjects(held), labeledFraction, SeedOf(seed));
            var train = labeledFraction < 1
                ? KeepAnnotations(folds.TrainSet(held), labeled, subjectColumnName, columns.Annotations)
                : folds.TrainSet(held);
            var model = (own?.ForFold(held, cancellation) ?? estimator).Fit(train);
            try
            {
                var scored = model.Transform(folds.TestSet(held));
                return MlNetInterop.CrossValidationResult(model, Evaluate(scored, columns, figures), scored, held);
            }
            catch
            {
                (model as IDisposable)?.Dispose();
                throw;
            }
        }
    }

    /// <summary>
    /// Reads a model that <c>mlContext.Model.Save</c> wrote, as <c>mlContext.Model.Load</c> does, onto a device of choice. Whatever is wrong with
    /// the file is said with its name, and nothing stays of a file that is refused. The schema of its input is left aside, by which a damaged file
    /// can keep ML.NET's reader busy without end.
    /// </summary>
    /// <param name="path">The model file.</param>
    /// <param name="device">Where the networks compute; by default where the MLContext says, or else on a CUDA device if there is one.</param>
    /// <returns>The transformer or chain of transformers, which the caller disposes.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no model file, or damaged, or holds no segmentation model.</exception>
    /// <exception cref="InvalidOperationException">This process cannot use the device.</exception>
    public ITransformer LoadModel(string path, ComputeDevice device = default) => LoadModel(path, readsSchema: false, out _, device);

    /// <summary>Reads a model that <c>mlContext.Model.Save</c> wrote, and the schema of its input.</summary>
    /// <param name="path">The model file.</param>
    /// <param name="inputSchema">The columns that the model reads; null where it was saved without.</param>
    /// <param name="device">Where the networks compute; by default where the MLContext says, or else on a CUDA device if there is one.</param>
    /// <inheritdoc cref="LoadModel(string, ComputeDevice)" path="/returns"/>
    /// <inheritdoc cref="LoadModel(string, ComputeDevice)" path="/exception"/>
    public ITransformer LoadModel(string path, out DataViewSchema inputSchema, ComputeDevice device = default)
    {
        var model = LoadModel(path, readsSchema: true, out var schema, device);
        inputSchema = schema!;
        return model;
    }

    /// <summary>Reads a model that <see cref="AmbiguousSegmentationTransformer.SaveWeights"/> wrote.</summary>
    /// <param name="path">A safetensors file with the method's options in it.</param>
    /// <param name="columns">Names of the columns; null for the default ones.</param>
    /// <param name="device">Where the networks compute; by default where the MLContext says, or else on a CUDA device if there is one.</param>
    /// <returns>The transformer, which the caller disposes.</returns>
    /// <exception cref="InvalidDataException">The file is cut short, damaged or of another kind.</exception>
    /// <exception cref="InvalidOperationException">This process cannot use the device.</exception>
    public AmbiguousSegmentationTransformer LoadWeights(string path, SegmentationColumns? columns = null, ComputeDevice device = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        columns ??= new SegmentationColumns();
        columns.Validate();
        return new AmbiguousSegmentationTransformer(Environment, SegmentationModel.Load(path, MlNetInterop.Device(Environment, device)), columns);
    }

    /// <summary>
    /// Looks at every image and mask as training would see them: sizes, intensities, readers, agreement, duplicates, and what would hurt, the
    /// worst first. Data straight from a loader is read by several threads; of other data the rows are read in their order.
    /// </summary>
    /// <param name="data">
    /// Rows with images and masks. Where there are text columns Id and Subject these name the images and their patients.
    /// </param>
    /// <param name="columns">Names of the columns; null for the default ones.</param>
    /// <param name="window">What the training will see the images through (<see cref="TrainingOptions.IntensityWindow"/>); null for no window.</param>
    /// <param name="cancellation">Ends the inspection between two images.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    /// <exception cref="InvalidOperationException">There is no row.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public DataReport Inspect(
        IDataView data, SegmentationColumns? columns = null, IntensityWindow? window = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (columns is null && data is ImageSourceView { Source: var source })
        {
            return DataReport.Of(source, window, afterImage: null, cancellation);
        }

        using var images = new DataViewImages(Environment, data, columns ?? new SegmentationColumns());
        return DataInspection.Run(images, window, threads: 1, afterImage: null, cancellation);
    }

    private ITransformer LoadModel(string path, bool readsSchema, out DataViewSchema? inputSchema, ComputeDevice device)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        MlNetInterop.Device(Environment, device).Resolve();
        return ModelArchive.Load(Environment, new ModelLoad(path, device), readsSchema, out inputSchema);
    }

    private int SeedOf(int? seed) => seed ?? MlNetInterop.Seed(Environment) ?? 0;
}
