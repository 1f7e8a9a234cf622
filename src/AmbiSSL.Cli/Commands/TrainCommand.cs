using System.CommandLine;
using System.Globalization;
using AmbiSSL.Cli.Arguments;
using AmbiSSL.Cli.Data;
using AmbiSSL.Cli.Output;
using AmbiSSL.Cli.Progress;
using Microsoft.ML;
using Spectre.Console;

namespace AmbiSSL.Cli.Commands;

/// <summary><c>ambissl train</c>: trains a method and writes an ML.NET model file.</summary>
internal static class TrainCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var data = new DataArguments();
        var split = new SplitArguments();
        var method = new MethodArguments();
        var output = new Option<string>("--out") { Description = "Model file to write", HelpName = "MODEL.zip", Required = true };

        var checkpoint = new Option<string?>("--checkpoint")
        {
            Description = "Folder for the state of the run: the same command given again continues an interrupted run", HelpName = "DIR",
        };
        var from = new Option<string?>("--from")
        {
            Description = "Model file from whose weights the training starts; give the method, backbone and intensity window that it was trained with",
            HelpName = "MODEL.zip",
        };
        var tensorBoard = new Option<string?>("--tensorboard") { Description = "Folder for TensorBoard's losses and sampled masks", HelpName = "DIR" };

        var command = new Command("train", "Trains a method on labeled and unlabeled images and writes a model file of ML.NET.");
        data.AddTo(command);
        split.AddTrainingTo(command);
        split.AddFoldTo(command);
        method.AddTo(command);
        command.Options.Add(output);
        command.Options.Add(from);
        command.Options.Add(checkpoint);
        command.Options.Add(tensorBoard);
        return command.Runs((arguments, text, cancellation) =>
        {
            var seed = method.Seed(arguments);
            var share = split.Validation(arguments);
            var options = share is null
                ? method.OptionsWithoutValidation(arguments, "give --validation SHARE too, such as --validation 0.2")
                : method.Options(arguments);
            var run = method.Run(arguments) with
            {
                CheckpointDirectory = arguments.GetValue(checkpoint),
                TensorBoardDirectory = arguments.GetValue(tensorBoard),
                CancellationToken = cancellation,
                KeepsModelOnCancel = true,
            };
            TrainedModel.RequireTemporaryFolder();
            var path = OutputFile.Prepare(output.Name, arguments.GetRequiredValue(output), "model.zip");
            run = run with { EpochTablePath = Path.ChangeExtension(path, "epochs.csv") };
            var source = data.Open(arguments, hasWindows: options.Training.Windows is not null);
            var parts = split.Split(arguments, source, seed);
            var labeled = split.LabeledSubjects(arguments, parts, seed);
            parts = share is { } kept ? parts.Validate(source.Records, labeled, kept, seed) : parts;
            text.WriteLine(Describe(options.MethodName, source, parts, labeled));
            CheckReport.WriteWorst(text, ImageDisplay.Run(
                Terminal.Open(text), "checking", source.Count, onImage => DataReport.Of(source, options.Training.IntensityWindow, onImage, cancellation)));

            var context = new MLContext(seed);
            var console = Terminal.Open(text).WithWarningsOf(context);
            var segmentation = context.AmbiguousSegmentation();
            var train = parts.TrainingData(segmentation, source, labeled);
            var validation = parts.ValidationData(segmentation, source);
            using var starting = arguments.GetValue(from) is { } file ? TrainedModel.LoadSingle(context, file, run.Device) : null;
            var start = TimeProvider.System.GetTimestamp();
            using var model = TrainingDisplay.Run(
                console,
                progress =>
                {
                    using var told = cancellation.Register(
                        () => console.WriteLine("Ending with the model so far; Ctrl-C once more ends at once, without one."));
                    var estimator = segmentation.Trainers.Create(options, run: run with { Progress = progress });
                    estimator = starting is null ? estimator : estimator.StartingFrom(starting.Segmentation);
                    return validation is null ? estimator.Fit(train) : estimator.Fit(train, validation);
                });
            if (model.Model.KnowsAnnotators)
            {
                text.WriteLine($"Annotators: {Description.Readers(model.Model)}");
            }

            if (options.Training.IntensityWindow is not null)
            {
                text.WriteLine($"Intensities: {Description.Intensities(model.Model)}");
            }

            TrainedModel.Save(context, model, train.Schema, path);
            var time = Duration.Text(TimeProvider.System.GetElapsedTime(start));
            if (validation is not null)
            {
                text.WriteLine($"Kept the weights after epoch {model.Model.TrainedEpochs}, which had the lowest GED on the validation images.");
            }

            if (cancellation.IsCancellationRequested)
            {
                text.WriteLine(
                    FormattableString.Invariant($"Canceled: the model is that so far, after {model.Model.TrainedEpochs} of {options.Epochs} epochs."));
            }

            text.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"Trained {model.Model.ParameterCount:N0} parameters in {time}: {arguments.GetRequiredValue(output)}"));
            return !cancellation.IsCancellationRequested;
        });
    }

    private static string Describe(string method, ImageSource source, DataSplit split, IReadOnlySet<string> labeled)
    {
        var train = source.Records.Where(record => split.Train.Contains(record.Subject)).ToArray();
        var withMasks = train.Count(record => record.IsLabeled && labeled.Contains(record.Subject));
        return FormattableString.Invariant(
            $"Training {method} on {train.Length:N0} images of {split.Train.Count} subjects, {source.Shape}: ")
            + FormattableString.Invariant($"{withMasks:N0} labeled, {train.Length - withMasks:N0} unlabeled")
            + Others(source, split.Validation, "to validate on") + Others(source, split.Test, "held out");
    }

    private static string Others(ImageSource source, IReadOnlySet<string> subjects, string purpose) => subjects.Count == 0
        ? ""
        : FormattableString.Invariant(
            $"; {source.Records.Count(record => subjects.Contains(record.Subject)):N0} images of {subjects.Count} subjects {purpose}");
}
