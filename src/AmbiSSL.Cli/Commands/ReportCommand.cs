using System.CommandLine;
using AmbiSSL.Cli.Arguments;
using AmbiSSL.Cli.Data;
using AmbiSSL.Cli.Output;
using AmbiSSL.Cli.Progress;
using Microsoft.ML;

namespace AmbiSSL.Cli.Commands;

/// <summary><c>ambissl report</c>: a page on which a person judges a model, or two.</summary>
internal static class ReportCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var scoring = new ScoringArguments();
        var data = new DataArguments(hasSize: false);
        var split = new SplitArguments();
        var figures = new FiguresArguments();
        var against = new Option<string?>("--against") { Description = "Model file to compare with, image by image", HelpName = "MODEL.zip" };
        var output = new Option<string>("--out") { Description = "HTML file to write", HelpName = "FILE.html", Required = true };
        var command = new Command(
            "report",
            "Scores the model's masks against the experts' and writes one HTML file to judge them by: figures with intervals, charts, and every image with "
            + "its outlines, samples, probability and uncertainty. With --fold, of that fold alone, as evaluate does.");
        scoring.AddTo(command);
        command.Options.Add(against);
        data.AddTo(command);
        split.AddFoldTo(command);
        figures.AddTo(command);
        command.Options.Add(output);
        return command.Runs((arguments, text, cancellation) =>
        {
            var context = new MLContext();
            var console = Terminal.Open(text).WithWarningsOf(context);
            var (path, file) = (data.Path(arguments), arguments.GetRequiredValue(output));
            using var trained = scoring.Load(arguments, context);
            using var other = arguments.GetValue(against) is { } second ? scoring.Load(arguments, context, second) : null;
            TrainedModel[] models = other is null ? [trained] : [trained, other];
            RequireSameImages(trained, other);
            var source = trained.Open(arguments, data, text);
            var images = new ImageSelection(
                source, EvaluatedImages.Of(arguments, split, source, trained, path), cancellation.ThrowIfCancellationRequested);
            var report = new EvaluationReport(
                $"{string.Join(" and ", models.Select(model => model.Name))} on {Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)))}",
                split.Fold(arguments) is { } fold ? $"Fold {fold}, held out." : "",
                [.. models.Select(Describe)])
            {
                Figures = figures.Value(arguments),
                Outlines = [.. models.Select(model => model.HasOutlines ? model.Segmentation.Model.Outlines : null)],
            };
            OutputFile.Prepare(output.Name, file, "report.html");
            var spacings = FiguresArguments.Spacings(images.Records);
            ImageDisplay.Run(console, "scoring", images.Count, onImage =>
            {
                foreach (var drawn in Together(models, images))
                {
                    report.Add(drawn[0].Image, [.. drawn.Select(image => image.ToSampledMasks())], spacings?[report.Count]);
                    onImage();
                }

                return images.Count;
            });
            foreach (var model in models)
            {
                foreach (var (name, points) in EpochCurves.Read(model.EpochTablePath))
                {
                    report.AddCurve(Describe(model), name, points);
                }
            }

            report.Save(file);
            text.WriteLine($"{report.Count} images written to {file}; open it in a browser.");
        });
    }

    /// <summary>For each image what each model drew.</summary>
    private static IEnumerable<ScoredImage[]> Together(TrainedModel[] models, ImageSource images)
    {
        var first = ScoredImage.Read(models[0], images).Select(drawn => new[] { drawn });
        return models.Length == 1 ? first : first.Zip(ScoredImage.Read(models[1], images), (own, other) => (ScoredImage[])[.. own, other]);
    }

    private static string Describe(TrainedModel model) =>
        model.Segmentation.Options.MethodName is var method && method == model.Name ? method : $"{model.Name} ({method})";

    private static void RequireSameImages(TrainedModel trained, TrainedModel? other)
    {
        var (own, foreign) = (trained.Segmentation.Model.Images, other?.Segmentation.Model.Images);
        if (foreign is not null && (foreign.Shape != own.Shape || foreign.Preprocessing != own.Preprocessing))
        {
            throw new InvalidDataException(
                $"The models see images in different sizes: '{trained.Name}' {own.Shape} and '{other!.Name}' {foreign.Shape}. Only models that were "
                + "trained with the same --crop and --size can be compared image by image.");
        }
    }
}
