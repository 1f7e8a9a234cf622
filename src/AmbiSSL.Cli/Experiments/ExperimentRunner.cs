using System.Diagnostics;
using AmbiSSL.Cli.Arguments;
using AmbiSSL.MLNet;
using AmbiSSL.Torch.Data;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.Cli.Experiments;

/// <summary>Trains and evaluates one run through ML.NET.</summary>
internal sealed class ExperimentRunner(ImageSource source, string fingerprint, TextWriter output)
{
    /// <summary>Does the run.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public FoldResult Run(ExperimentRun run, CancellationToken cancellation)
    {
        var parts = FoldParts.Of(source.Records, run);
        var context = new MLContext(run.Seed);
        var segmentation = context.AmbiguousSegmentation();
        var data = segmentation.Load(source);
        var training = segmentation.KeepAnnotations(segmentation.FilterSubjects(data, parts.Train), parts.Labeled);
        var evaluation = segmentation.FilterSubjects(data, parts.Evaluation);

        PeakMemory.Reset();
        var started = DateTime.UtcNow;
        var lines = new EpochLines(output);
        var watch = Stopwatch.StartNew();
        using var model = segmentation.Trainers.Create(run.Options with { Progress = lines, CancellationToken = cancellation }).Fit(training);
        var trainingSeconds = watch.Elapsed.TotalSeconds;

        watch.Restart();
        cancellation.ThrowIfCancellationRequested();
        var metrics = segmentation.Evaluate(model.Transform(evaluation));
        var images = ReadImages(context, metrics, evaluation);
        return new FoldResult
        {
            FormatVersion = FoldResult.CurrentFormat,
            Name = run.Name,
            SettingsHash = run.SettingsHash(fingerprint),
            Method = run.Options.Method,
            Settings = MethodSettings.FromOptions(run.Options),
            Part = run.Part,
            Validation = run.Validation,
            Labeled = run.Labeled.Label,
            LabeledShare = run.Labeled.Share,
            Fold = run.Fold,
            Folds = run.Folds,
            Seed = run.Seed,
            Samples = metrics.Samples,
            Crop = run.ReadOptions.Crop?.ToString(),
            Size = run.ReadOptions.Resize?.ToString(),
            Data = fingerprint,
            Train = SizeOf(parts.Train),
            LabeledPart = SizeOf(parts.Labeled),
            Evaluation = SizeOf(parts.Evaluation),
            Figures = metrics.Summary,
            Cost = new RunCost
            {
                TrainingSeconds = trainingSeconds,
                EvaluationSeconds = watch.Elapsed.TotalSeconds,
                Steps = lines.Steps,
                Parameters = model.Model.ParameterCount,
                PeakMemoryBytes = PeakMemory.Read(),
            },
            Machine = RunMachine.Current(run.Options.Device),
            Started = started,
            Images = images,
        };
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
}
