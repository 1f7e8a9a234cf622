using System.Diagnostics;
using AmbiSSL.Cli.Arguments;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.Cli.Experiments;

/// <summary>Trains and evaluates one run through ML.NET.</summary>
internal sealed class ExperimentRunner(ImageSource source, string fingerprint, TextWriter output)
{
    /// <summary>Does the run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="curves">File for its curves over the epochs; null for none.</param>
    /// <param name="checkpoint">Folder for the state of its training, which goes on from what is there; null for none.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public FoldResult Run(ExperimentRun run, string? curves, string? checkpoint, CancellationToken cancellation)
    {
        var parts = FoldParts.Of(source.Records, run);
        var context = new MLContext(run.Seed);
        var segmentation = context.AmbiguousSegmentation();
        var data = segmentation.Load(source);
        var evaluation = segmentation.FilterSubjects(data, parts.Evaluation);

        var started = DateTime.UtcNow;
        var trained = Train(run, parts, segmentation, data, curves, checkpoint, cancellation);
        using var model = trained.Model;

        PeakMemory.Reset();
        var watch = Stopwatch.StartNew();
        cancellation.ThrowIfCancellationRequested();
        var metrics = segmentation.Evaluate(model.Transform(evaluation));
        var images = ReadImages(context, metrics, evaluation);
        return new FoldResult
        {
            FormatVersion = FoldResult.CurrentFormat,
            Name = run.Name,
            SettingsHash = SettingsIdentity.Hash(SettingsIdentity.Of(run, fingerprint)),
            Method = run.Options.MethodName,
            Settings = MethodSettings.FromOptions(run.Options),
            Part = run.Part,
            Validation = run.Validation,
            Labeled = run.Labeled.Label,
            LabeledShare = run.Labeled.Share,
            Fold = run.Fold,
            Folds = run.Folds,
            Seed = run.Seed,
            Samples = metrics.Samples,
            Crop = run.Preprocessing.Crop?.ToString(),
            Size = run.Preprocessing.Resize?.ToString(),
            Data = fingerprint,
            Train = SizeOf(parts.Train),
            LabeledPart = SizeOf(parts.Labeled),
            Evaluation = SizeOf(parts.Evaluation),
            Figures = metrics.Summary,
            Cost = new RunCost
            {
                TrainingSeconds = trained.Seconds,
                EvaluationSeconds = watch.Elapsed.TotalSeconds,
                Steps = trained.Steps,
                Parameters = model.Model.ParameterCount,
                PeakMemoryBytes = Math.Max(trained.PeakMemoryBytes, PeakMemory.Read()),
            },
            Machine = RunMachine.Current(run.Run.Device),
            Started = started,
            Images = images,
        };
    }

    private TrainedRun Train(
        ExperimentRun run,
        FoldParts parts,
        AmbiguousSegmentationCatalog segmentation,
        IDataView data,
        string? curves,
        string? checkpoint,
        CancellationToken cancellation)
    {
        PeakMemory.Reset();
        var training = segmentation.KeepAnnotations(segmentation.FilterSubjects(data, parts.Train), parts.Labeled);
        var tally = new TrainingTally(checkpoint is null ? null : Path.Combine(checkpoint, "tally.json"));
        var lines = new EpochLines(output, tally);
        using var drawn = curves is null ? null : new EpochCurves(source, parts, run.Part);
        var options = run.Run with { Progress = lines, CheckpointDirectory = checkpoint, CancellationToken = cancellation, AfterEpoch = drawn is null ? null : drawn.Add };
        var model = segmentation.Trainers.Create(run.Options, run: options).Fit(training);
        drawn?.Save(curves!);
        return new TrainedRun(model, tally.Seconds, tally.Steps, PeakMemory.Read());
    }

    private static List<ImageFigures> ReadImages(MLContext context, AmbiguousSegmentationMetrics metrics, IDataView evaluation)
    {
        string[] ids = [.. evaluation.GetColumn<string>("Id")];
        string[] subjects = [.. evaluation.GetColumn<string>("Subject")];
        return
        [
            .. context.Data.CreateEnumerable<ImageRow>(metrics.PerImage, reuseRowObject: false).Select(row => new ImageFigures
            {
                Id = ids[row.Row],
                Subject = subjects[row.Row],
                Ged = row.Ged,
                DiceSoft = row.DiceSoft,
                DiceMax = row.DiceMax,
                DiceMatch = row.DiceMatch,
                SampleDiversity = row.SampleDiversity,
                ExpertDiversity = row.ExpertDiversity,
            }),
        ];
    }

    private PartSize SizeOf(IReadOnlySet<string> subjects) => new(source.Records.Count(record => subjects.Contains(record.Subject)), subjects.Count);

    private sealed record TrainedRun(AmbiguousSegmentationTransformer Model, double Seconds, long Steps, long PeakMemoryBytes);
}
