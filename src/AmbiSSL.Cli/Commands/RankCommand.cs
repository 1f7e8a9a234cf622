using System.CommandLine;
using System.Globalization;
using AmbiSSL.Cli.Arguments;
using AmbiSSL.Cli.Output;
using AmbiSSL.Cli.Progress;
using Microsoft.ML;

namespace AmbiSSL.Cli.Commands;

/// <summary><c>ambissl rank</c>: which images to outline next.</summary>
internal static class RankCommand
{
    private const int Shown = 10;

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var scoring = new ScoringArguments();
        var data = new DataArguments(hasSize: false, hasReaders: false);
        var output = new Option<string>("--out")
        {
            Description = "CSV file to write: image, subject, score, the first to outline first", HelpName = "FILE.csv", Required = true,
        };
        var command = new Command(
            "rank",
            "Says which of the images without masks to outline next: those about which the model expects experts to disagree most, judged by how far "
            + "its samples lie apart (mean of 1 - IoU over pairs, 0 to 1).");
        scoring.AddTo(command);
        data.AddTo(command);
        command.Options.Add(output);
        return command.Runs((arguments, text, cancellation) =>
        {
            var context = new MLContext();
            var console = Terminal.Open(text).WithWarningsOf(context);
            var (path, file) = (data.Path(arguments), arguments.GetRequiredValue(output));
            using var trained = scoring.Load(arguments, context);
            var source = trained.Open(arguments, data, text);
            int[] unlabeled = [.. Enumerable.Range(0, source.Count).Where(position => !source.Records[position].IsLabeled)];
            if (unlabeled.Length == 0)
            {
                throw new InvalidDataException($"All {source.Count} images of '{path}' have masks; at least one must have none.");
            }

            OutputFile.Prepare(output.Name, file, "ranking.csv");
            var ranked = ImageDisplay.Run(console, "sampling", source, unlabeled, cancellation, images =>
            {
                var segmentation = context.AmbiguousSegmentation();
                return segmentation.RankByDisagreement(trained.Transform(segmentation.Load(images)), trained.Segmentation.Columns);
            });
            CsvFile.Write(file, [["image", "subject", "score"], .. ranked.Select(image => (string[])[image.Id, image.Subject, CsvFile.Number(image.Score)])]);
            Terminal.WritePairs(text, ranked.Take(Shown).Select(image => (image.Id, image.Score.ToString("F4", CultureInfo.InvariantCulture))));
            text.WriteLine($"{ranked.Count} images without masks in {file}, the first to outline first.");
        });
    }
}
