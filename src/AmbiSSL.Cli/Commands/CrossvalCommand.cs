using System.CommandLine;
using System.Text.Json.Nodes;
using AmbiSSL.Cli.Arguments;
using AmbiSSL.Cli.Data;
using AmbiSSL.Cli.Output;
using AmbiSSL.Cli.Progress;
using Microsoft.ML;

namespace AmbiSSL.Cli.Commands;

/// <summary><c>ambissl crossval</c>: trains on all folds but one and evaluates on that one, for each fold.</summary>
internal static class CrossvalCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var data = new DataArguments();
        var method = new MethodArguments();
        var samples = new SamplesArgument();
        var labeled = new Option<double>("--labeled")
        {
            Description = "Share of the training subjects whose annotations are used", HelpName = "R", DefaultValueFactory = _ => 1,
        }.Share();
        var folds = new Option<int?>("--folds")
        {
            Description = $"Number of folds: as many as the data set names, or else {SubjectSplit.DefaultFolds}", HelpName = "N",
        };
        var fold = new Option<int?>("--fold")
        {
            Description = "The only fold to hold out, counted from 0 where the data set names none; each in turn otherwise", HelpName = "K",
        };
        var output = new Option<string>("--out")
        {
            Description = "Folder for each fold's state and trained model: the same command given again goes on from what is there", HelpName = "DIR",
            Required = true,
        };
        var parallel = new Option<int>("--parallel")
        {
            Description = "Folds that are trained side by side: more than 1 pays where one training leaves a GPU or processors idle", HelpName = "N",
            DefaultValueFactory = _ => 1,
        }.AtLeast(1);
        var absent = FiguresArguments.AbsentClasses();
        var json = new Option<string?>("--json")
        {
            Description = "File for the figures of each fold and of all; figures.json in --out otherwise", HelpName = "FILE",
        };
        var ensemble = new Option<string?>("--ensemble")
        {
            Description = "File for the models of all folds as one, to use on other patients: each saw all of these but a fold", HelpName = "MODEL.zip",
        };

        var command = new Command(
            "crossval", "Trains on all folds but one and evaluates on that one, for each fold; no subject is on both sides. It may be interrupted.");
        data.AddTo(command);
        method.AddTo(command);
        samples.AddTo(command);
        foreach (var option in (Option[])[labeled, folds, fold, parallel, output, absent, json, ensemble])
        {
            command.Options.Add(option);
        }

        return command.Runs((arguments, text, cancellation) =>
        {
            var seed = method.Seed(arguments);
            var options = method.OptionsWithoutValidation(arguments, "each fold is trained to its last epoch: leave it out")
                with { Samples = samples.Value(arguments) };
            var source = data.Open(arguments, hasWindows: options.Training.Windows is not null);
            int[] all = [.. SubjectSplit.Folds(source.Records, arguments.GetValue(folds), seed).Values.Distinct().Order()];
            int[] chosen = arguments.GetValue(fold) is { } only ? [only] : all;
            if (chosen.Except(all).Any())
            {
                throw new UsageException($"--fold {chosen[0]}: there is no such fold; give one of {string.Join(", ", all)}.");
            }

            if (chosen.Length < 2 && arguments.GetValue(ensemble) is not null)
            {
                throw new UsageException("--ensemble is made of the models of two folds or more; leave --fold out.");
            }

            if (options.Training.Windows is not null && arguments.GetValue(ensemble) is not null)
            {
                throw new UsageException("--ensemble pools masks of images of one size, which models with --window do not draw; leave one of the two out.");
            }

            if (options.KnowsAnnotators && arguments.GetValue(ensemble) is not null)
            {
                throw new UsageException(
                    $"--ensemble pools masks, and {options.MethodName} draws those of single annotators too, which are not pooled; leave --ensemble out or "
                    + "give another --method.");
            }

            var folder = arguments.GetRequiredValue(output);
            var run = method.Run(arguments) with { CheckpointDirectory = folder, CancellationToken = cancellation };
            if (arguments.GetValue(ensemble) is not null)
            {
                TrainedModel.RequireTemporaryFolder();
            }

            OutputFile.PrepareGiven(arguments, (json, "figures.json"), (ensemble, "model.zip"));
            var context = new MLContext(seed);
            var console = Terminal.Open(text).WithWarningsOf(context);
            var segmentation = context.AmbiguousSegmentation();
            var images = segmentation.Load(source);
            var results = new List<(int Fold, AmbiguousSegmentationMetrics Metrics)>();
            var models = new List<AmbiguousSegmentationTransformer>();
            var most = Math.Min(arguments.GetValue(parallel), chosen.Length);
            foreach (var held in most > 1 ? [null] : Array.ConvertAll(chosen, held => (int?)held))
            {
                text.WriteLine(held is null ? $"folds {string.Join(", ", chosen)} are held out, {most} at a time" : $"fold {held} is held out");
                var trained = TrainingDisplay.Run(console, progress => segmentation.CrossValidate(
                    images,
                    segmentation.Trainers.Create(options, run: run with { Progress = progress }),
                    all.Length,
                    arguments.GetValue(labeled),
                    fold: held,
                    parallel: most,
                    figures: new FigureOptions { AbsentClasses = FiguresArguments.Convention(arguments.GetValue(absent)) }));
                foreach (var result in trained)
                {
                    var model = (AmbiguousSegmentationTransformer)result.Model;
                    if (arguments.GetValue(ensemble) is null)
                    {
                        model.Dispose();
                    }
                    else
                    {
                        models.Add(model);
                    }

                    text.WriteLine(trained.Count > 1 ? $"fold {result.Fold}: {result.Metrics}" : $"{result.Metrics}");
                    results.Add((result.Fold, result.Metrics));
                }
            }

            var averages = Figure.Usual.ToDictionary(figure => figure, figure => ScoreAverage.Of(results.Select(result => result.Metrics[figure].Mean)));
            JsonFile.Write(arguments.GetValue(json) ?? Path.Combine(folder, "figures.json"), new JsonObject
            {
                ["method"] = options.MethodName,
                ["labeled"] = arguments.GetValue(labeled),
                ["seed"] = seed,
                ["folds"] = new JsonArray([.. results.Select(result => OfFold(result.Fold, result.Metrics))]),
                ["mean"] = OverFolds(averages, average => average.Mean),
                ["deviation"] = OverFolds(averages, average => average.StandardDeviation),
            });
            Terminal.WritePairs(text, averages.Select(average => (
                average.Key.Title,
                $"{MetricsReport.Number(average.Value.Mean)} ± {MetricsReport.Number(average.Value.StandardDeviation)}{OfClasses(average.Key)}")));
            if (arguments.GetValue(ensemble) is { } ensemblePath)
            {
                using var pool = segmentation.Ensemble(models);
                TrainedModel.Save(context, pool, images.Schema, ensemblePath);
                text.WriteLine($"The models of {models.Count} folds as one: {ensemblePath}");
            }

            // Of several classes, the mean of each over the folds.
            string OfClasses(Figure figure)
            {
                var classes = results[0].Metrics.Classes;
                return string.Concat(classes.Count == 1 ? [] : classes.Names.Select(name =>
                    $", {name} {MetricsReport.Number(ScoreAverage.Of(results.Select(result => result.Metrics.OfClass(name)[figure].Mean)).Mean)}"));
            }
        });
    }

    private static JsonObject OfFold(int fold, AmbiguousSegmentationMetrics metrics)
    {
        var figures = MetricsReport.ToJson(Evaluation.Of(metrics, "pixels"));
        figures["fold"] = fold;
        return figures;
    }

    private static JsonObject OverFolds(IReadOnlyDictionary<Figure, ScoreAverage> averages, Func<ScoreAverage, double> part) =>
        new(averages.Select(average => KeyValuePair.Create(FigureName.Of(average.Key), JsonFile.Number(part(average.Value)))));
}
