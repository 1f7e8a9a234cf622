using System.CommandLine;
using AmbiSSL.Cli.Arguments;
using AmbiSSL.Cli.Data;
using AmbiSSL.Cli.Output;
using AmbiSSL.Cli.Progress;
using Microsoft.ML;

namespace AmbiSSL.Cli.Commands;

/// <summary><c>ambissl evaluate</c>: scores sampled masks against the experts'.</summary>
internal static class EvaluateCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var scoring = new ScoringArguments();
        var data = new DataArguments(hasSize: false);
        var split = new SplitArguments();
        var figures = new FiguresArguments();
        var csv = new Option<string?>("--csv") { Description = "File to write the figures of each image to as CSV", HelpName = "FILE" };
        var json = new Option<string?>("--json") { Description = "File to write the figures to as JSON", HelpName = "FILE" };
        var picture = new Option<string?>("--picture")
        {
            Description = "PNG file for the images with the lowest, the median and the highest GED, and what the model draws for them", HelpName = "FILE",
        };

        var shard = Shard.Option();
        var output = new Option<string?>("--out") { Description = "With --shard: folder for the part's figures, which merge joins", HelpName = "DIR" };
        var command = new Command(
            "evaluate",
            "Scores the model's masks against the experts'. With --fold, on that fold alone; folds that the data set does not name follow from "
            + "the seed that the model was trained with.");
        scoring.AddTo(command);
        data.AddTo(command);
        split.AddFoldTo(command);
        figures.AddTo(command);
        command.Options.Add(json);
        command.Options.Add(csv);
        command.Options.Add(picture);
        command.Options.Add(shard);
        command.Options.Add(output);
        command.Validators.Add(result =>
        {
            if (result.GetResult(shard) is null != result.GetResult(output) is null)
            {
                result.AddError("--shard and --out belong together: a part's figures are written to the folder that --out names.");
            }
            else if (result.GetResult(shard) is not null && (result.GetResult(json) ?? result.GetResult(csv) ?? result.GetResult(picture)) is not null)
            {
                result.AddError("--shard gives the figures of a part: leave --json, --csv and --picture out, and join the parts with merge.");
            }
        });
        return command.Runs((arguments, text, cancellation) =>
        {
            var options = figures.Value(arguments);
            if (arguments.GetValue(picture) is not null && !options.Figures.Contains(Figure.Ged))
            {
                throw new UsageException("--picture shows the images of the lowest and the highest GED; name ged among --figures too.");
            }

            var context = new MLContext();
            var console = Terminal.Open(text).WithWarningsOf(context);
            using var trained = scoring.Load(arguments, context);
            var source = trained.Open(arguments, data, text);
            var labeled = EvaluatedImages.Of(arguments, split, source, trained, data.Path(arguments));
            ImageRecord[] records = [.. labeled.Select(position => source.Records[position])];
            var spacings = FiguresArguments.Spacings(records);
            var unit = spacings is null ? "pixels" : "mm";
            if (arguments.GetValue(shard) is { } part)
            {
                var path = arguments.GetValue(output)!;
                var settings = EvaluationFolder.Settings(trained.Digest(), trained.Samples, options, unit, trained.Classes);
                var folder = new EvaluationFolder(ShardFolder.Begin(path, settings, records.Select(record => record.Id)));
                int[] own = [.. Enumerable.Range(0, labeled.Length).Where(part.Contains)];
                folder.Write(part, [.. own.Select(place => records[place].Id)], own.Length == 0 ? null : Evaluate(own));
                text.WriteLine($"{own.Length} of {labeled.Length} images scored; when all shards have ended: ambissl merge --out {path}");
                return;
            }

            OutputFile.PrepareGiven(arguments, (json, "figures.json"), (csv, "figures.csv"), (picture, "cases.png"));

            var metrics = Evaluate([.. Enumerable.Range(0, labeled.Length)]);
            MetricsReport.Write(console, Evaluation.Of(metrics, unit));
            Terminal.WritePairs(text, MetricsReport.OfAllPixels(metrics));
            if (arguments.GetValue(json) is { } file)
            {
                JsonFile.Write(file, MetricsReport.ToJson(Evaluation.Of(metrics, unit)));
            }

            if (arguments.GetValue(csv) is { } csvPath)
            {
                MetricsReport.WriteCsv(csvPath, metrics, records);
            }

            if (arguments.GetValue(picture) is { } picturePath)
            {
                CasePicture.Write(picturePath, trained, source, labeled, metrics, text);
            }

            AmbiguousSegmentationMetrics Evaluate(int[] places) => ImageDisplay.Run(
                console, "scoring", source, [.. places.Select(place => labeled[place])], cancellation, images =>
                {
                    var segmentation = context.AmbiguousSegmentation();
                    return segmentation.Evaluate(
                        trained.Transform(segmentation.Load(images)), trained.Segmentation.Columns, options,
                        spacings is null ? null : Array.ConvertAll(places, place => spacings[place]));
                });
        });
    }
}
