using System.Diagnostics;
using AmbiSSL.Cli.Arguments;
using AmbiSSL.Cli.Output;
using AmbiSSL.Experiments.Results;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.Experiments.Runs;

/// <summary>Trains and evaluates runs on a data set through ML.NET.</summary>
/// <param name="source">The data set.</param>
/// <param name="numbers">What results call its images and patients.</param>
/// <param name="figures">Which figures are computed.</param>
/// <param name="output">Receives a line for each epoch.</param>
internal sealed class ExperimentRunner(ImageSource source, ImageNumbers numbers, FigureOptions figures, TextWriter output)
{
    private const int MostUnlabeled = 200;

    /// <summary>Tells the data set's images and patients from those of another.</summary>
    public string Fingerprint => numbers.Fingerprint;

    /// <summary>Does a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="folder">Its own folder, for the state of its training, which goes on from what is there.</param>
    /// <param name="curves">
    /// Whether figures are taken after each epoch too: on the images that are evaluated on, and on some unlabeled training images against their
    /// withheld annotations, which are used for nothing else.
    /// </param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public ResultTables Run(ExperimentRun run, string folder, bool curves, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var started = DateTime.UtcNow;
        var parts = FoldParts.Of(source.Records, run);
        var row = run.Row(numbers.Fingerprint);
        EpochScores[] scores = !curves ? [] :
        [
            new EpochScores(row.Part, source, parts.Evaluation.Contains),
            new EpochScores("unlabeled", source, subject => parts.Train.Contains(subject) && !parts.Labeled.Contains(subject), MostUnlabeled),
        ];
        var segmentation = new MLContext(run.Seed).AmbiguousSegmentation();
        var data = segmentation.Load(source);
        var training = segmentation.KeepAnnotations(segmentation.FilterSubjects(data, parts.Train), parts.Labeled);
        var logs = new List<EpochLog>();
        var models = new List<AmbiguousSegmentationTransformer>();
        PeakMemory.Reset();
        try
        {
            for (var member = 0; member < run.Members; member++)
            {
                var own = run.Members == 1 ? folder : Path.Combine(folder, FormattableString.Invariant($"member{member}"));
                Directory.CreateDirectory(own);
                var log = new EpochLog(own, run.Members == 1 ? row.FullName : $"{row.FullName}, network {member + 1} of {run.Members}", output, scores);
                var place = new RunOptions { Device = run.Device, CheckpointDirectory = own, AfterEpoch = log.Add, CancellationToken = cancellation };
                logs.Add(log);
                models.Add(segmentation.Trainers.Create(run.OfMember(member), run: place).Fit(training));
            }

            cancellation.ThrowIfCancellationRequested();
            return Evaluate(run, row with { Started = started }, parts, segmentation, data, models, logs);
        }
        finally
        {
            models.ForEach(model => model.Dispose());
        }
    }

    private ResultTables Evaluate(
        ExperimentRun run,
        RunRow row,
        FoldParts parts,
        AmbiguousSegmentationCatalog segmentation,
        IDataView data,
        IReadOnlyList<AmbiguousSegmentationTransformer> models,
        IReadOnlyList<EpochLog> logs)
    {
        var watch = Stopwatch.StartNew();
        var evaluation = segmentation.FilterSubjects(data, parts.Evaluation);
        ITransformer drawing = models.Count == 1 ? models[0] : segmentation.Ensemble(models);
        var spacings = FiguresArguments.Spacings(source.Records.Where(record => parts.Evaluation.Contains(record.Subject)));
        var metrics = segmentation.Evaluate(drawing.Transform(evaluation), figures: figures, spacings: spacings);
        row = row with
        {
            TrainImages = Images(parts.Train),
            TrainSubjects = parts.Train.Count,
            LabeledImages = Images(parts.Labeled),
            LabeledSubjects = parts.Labeled.Count,
            Images = metrics.Images,
            Subjects = parts.Evaluation.Count,
            TrainingSeconds = Math.Round(logs.Sum(log => log.Seconds), 3),
            EvaluationSeconds = Math.Round(watch.Elapsed.TotalSeconds, 3),
            Steps = logs.Sum(log => log.Steps),
            Parameters = models.Sum(model => model.Model.ParameterCount),
            PeakMemoryBytes = PeakMemory.Read(),
            Machine = RunMachine.Describe(run.Device),
        };
        return new ResultTables(
            [row.WithFigures(metrics, figures.Figures)], Scores(metrics, [.. evaluation.GetColumn<string>("Id")]), [.. logs.SelectMany(Curves)]);
    }

    /// <summary>The values of a network; those of an ensemble's others are of parts that bear their number.</summary>
    private static IEnumerable<CurveRow> Curves(EpochLog log, int member) =>
        log.Rows.Select(row => member == 0 ? row : row with { Part = FormattableString.Invariant($"{row.Part} {member + 1}") });

    private IReadOnlyList<ScoreRow> Scores(AmbiguousSegmentationMetrics metrics, string[] ids)
    {
        var columns = figures.Figures.Where(figure => figure.IsPerImage)
            .ToDictionary(FigureName.Of, figure => metrics.PerImage.GetColumn<double>(figure.Name).ToArray());
        return
        [
            .. metrics.PerImage.GetColumn<long>("Row").Select((row, i) =>
            {
                var (subject, image) = numbers.Of(ids[row]);
                return new ScoreRow(1, subject, image, columns.ToDictionary(column => column.Key, column => column.Value[i]));
            }),
        ];
    }

    private int Images(IReadOnlySet<string> subjects) => source.Records.Count(record => subjects.Contains(record.Subject));
}
