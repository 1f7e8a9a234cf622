using System.Diagnostics;
using System.Text.Json.Nodes;
using AmbiSSL.Experiments.Results;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.Experiments.Runs;

/// <summary>Trains and evaluates runs on a data set through ML.NET.</summary>
/// <param name="source">The data set.</param>
/// <param name="numbers">What results call its images and patients.</param>
/// <param name="output">Receives a line for each epoch.</param>
internal sealed class ExperimentRunner(ImageSource source, ImageNumbers numbers, TextWriter output)
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
        var log = new EpochLog(folder, row.FullName, output, scores);
        var segmentation = new MLContext(run.Seed).AmbiguousSegmentation();
        var data = segmentation.Load(source);
        var options = new RunOptions { Device = run.Device, CheckpointDirectory = folder, AfterEpoch = log.Add, CancellationToken = cancellation };
        PeakMemory.Reset();
        using var model = segmentation.Trainers.Create(run.Options, run: options).Fit(
            segmentation.KeepAnnotations(segmentation.FilterSubjects(data, parts.Train), parts.Labeled));

        cancellation.ThrowIfCancellationRequested();
        var watch = Stopwatch.StartNew();
        var evaluation = segmentation.FilterSubjects(data, parts.Evaluation);
        var metrics = segmentation.Evaluate(model.Transform(evaluation));
        row = row with
        {
            TrainImages = Images(parts.Train),
            TrainSubjects = parts.Train.Count,
            LabeledImages = Images(parts.Labeled),
            LabeledSubjects = parts.Labeled.Count,
            Images = metrics.Images,
            Subjects = parts.Evaluation.Count,
            Figures = new JsonObject(Figure.Usual.Select(figure => KeyValuePair.Create(FigureName.Of(figure), Number(metrics[figure].Mean)))).ToJsonString(),
            TrainingSeconds = Math.Round(log.Seconds, 3),
            EvaluationSeconds = Math.Round(watch.Elapsed.TotalSeconds, 3),
            Steps = log.Steps,
            Parameters = model.Model.ParameterCount,
            PeakMemoryBytes = PeakMemory.Read(),
            Machine = RunMachine.Describe(run.Device),
            Started = started,
        };
        return new ResultTables([row], Scores(metrics, [.. evaluation.GetColumn<string>("Id")]), log.Rows);
    }

    private IReadOnlyList<ScoreRow> Scores(AmbiguousSegmentationMetrics metrics, string[] ids)
    {
        var columns = Figure.Usual.Where(figure => figure.IsPerImage).ToDictionary(FigureName.Of, figure => metrics.PerImage.GetColumn<double>(figure.Name).ToArray());
        return
        [
            .. metrics.PerImage.GetColumn<long>("Row").Select((row, i) =>
            {
                var (subject, image) = numbers.Of(ids[row]);
                return new ScoreRow(1, subject, image, columns.ToDictionary(column => column.Key, column => column.Value[i]));
            }),
        ];
    }

    private static JsonNode? Number(double value) => double.IsFinite(value) ? value : null;

    private int Images(IReadOnlySet<string> subjects) => source.Records.Count(record => subjects.Contains(record.Subject));
}
