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
        command.Options.Add(json);
        command.Options.Add(picture);
        return command.Runs((arguments, text, cancellation) =>
        {
            var context = new MLContext();
            var console = Terminal.Open(text).WithWarningsOf(context);
            using var trained = scoring.Load(arguments, context);
            var source = trained.Open(data.Path(arguments), data.Reading(arguments));
            var labeled = EvaluatedImages.Of(arguments, split, source, trained, data.Path(arguments));
            var metrics = ImageDisplay.Run(console, "scoring", source, labeled, cancellation, images =>
            {
                var segmentation = context.AmbiguousSegmentation();
                var scored = trained.Transform(segmentation.Load(images));
                return segmentation.Evaluate(scored, trained.Segmentation.Columns);
            });
            MetricsReport.Write(console, metrics);
            if (arguments.GetValue(json) is { } path)
            {
                JsonFile.Write(path, MetricsReport.ToJson(metrics));
            }

            if (arguments.GetValue(picture) is { } picturePath)
            {
                CasePicture.Write(picturePath, trained, source, labeled, metrics, text);
            }
        });
    }
}
