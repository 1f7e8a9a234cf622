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
            var source = trained.Open(data.Path(arguments), data.Reading(arguments));
            var labeled = EvaluatedImages.Of(arguments, split, source, trained, data.Path(arguments));
            ImageRecord[] records = [.. labeled.Select(position => source.Records[position])];
            var spacings = FiguresArguments.Spacings(records);
            var metrics = ImageDisplay.Run(console, "scoring", source, labeled, cancellation, images =>
            {
                var segmentation = context.AmbiguousSegmentation();
                var scored = trained.Transform(segmentation.Load(images));
                return segmentation.Evaluate(scored, trained.Segmentation.Columns, options, spacings);
            });
            MetricsReport.Write(console, metrics, spacings is null ? "pixels" : "mm");
            if (arguments.GetValue(json) is { } path)
            {
                JsonFile.Write(path, MetricsReport.ToJson(metrics));
            }

            if (arguments.GetValue(csv) is { } csvPath)
            {
                MetricsReport.WriteCsv(csvPath, metrics, records);
            }

            if (arguments.GetValue(picture) is { } picturePath)
            {
                CasePicture.Write(picturePath, trained, source, labeled, metrics, text);
            }
        });
    }
}
