using System.CommandLine;
using AmbiSSL.Cli.Arguments;
using AmbiSSL.Cli.Data;
using AmbiSSL.Cli.Output;
using AmbiSSL.Cli.Progress;
using Microsoft.ML;

namespace AmbiSSL.Cli.Commands;

/// <summary><c>ambissl calibrate</c>: chooses on images with masks what a model does to its masks and probabilities, and its outlines.</summary>
internal static class CalibrateCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var model = new ModelArgument();
        var device = new DeviceArgument();
        var data = new DataArguments(hasSize: false);
        var split = new SplitArguments();
        var output = new Option<string>("--out") { Description = "Model file to write; may be that of --model", HelpName = "MODEL.zip", Required = true };
        var coverage = new Option<double>("--coverage") { Description = "What the outlines promise", HelpName = "R", DefaultValueFactory = _ => 0.9 }.Share();
        var command = new Command(
            "calibrate",
            "Chooses on images with masks which holes and small components of a model's masks to clean away, the probability above which a pixel is in its "
            + "consensus, the temperature of its probabilities, and an inner and an outer outline that promise a coverage, "
            + "and writes a model that keeps them. Give patients on whom it was not trained and will not be tested; with --fold those of that fold alone.");
        model.AddTo(command);
        device.AddTo(command);
        data.AddTo(command);
        split.AddFoldTo(command);
        command.Options.Add(coverage);
        command.Options.Add(output);
        return command.Runs((arguments, text, cancellation) =>
        {
            var context = new MLContext();
            var console = Terminal.Open(text).WithWarningsOf(context);
            var (path, file) = (data.Path(arguments), arguments.GetRequiredValue(output));
            using var trained = TrainedModel.LoadSingle(context, model.Path(arguments)!, device.Value(arguments));
            var source = trained.Open(arguments, data, text);
            var labeled = EvaluatedImages.Of(arguments, split, source, trained, path);
            TrainedModel.RequireTemporaryFolder();
            OutputFile.Prepare(output.Name, file, "model.zip");
            using var calibrated = ImageDisplay.Run(
                console, "sampling", source, labeled, cancellation,
                images => trained.Calibrate(context.AmbiguousSegmentation().Load(images), arguments.GetValue(coverage)));
            calibrated.Save(file, context.AmbiguousSegmentation().Load(source).Schema);
            var chosen = calibrated.Segmentation.Model;
            Terminal.WritePairs(text, Description.OfAnswers(chosen));
            text.WriteLine($"Chosen on {labeled.Length} images with masks: {file}");
        });
    }
}
