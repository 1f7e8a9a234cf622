using System.CommandLine;
using AmbiSSL.Cli.Arguments;
using AmbiSSL.Cli.Commands;
using AmbiSSL.Experiments.Tables;

namespace AmbiSSL.Experiments.Commands;

/// <summary><c>truth</c>: the figures of a model that draws from the true distribution of synthetic lesions, which is the best that one can.</summary>
internal static class TruthCommand
{
    private const int Repeats = 10;

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var lesions = new SyntheticLesionArguments();
        var samples = new Option<int>("--samples")
        {
            Description = "Masks drawn for each image", DefaultValueFactory = _ => new AmbiSSLOptions().Samples,
        }.AtLeast(1);
        var fold = new Option<int?>("--fold") { Description = $"The only fold of {SubjectSplit.DefaultFolds} to draw for; all otherwise", HelpName = "K" };
        var command = new Command(
            "truth",
            "Prints the figures of masks that are drawn from the true distribution of the images that synth makes by the same "
            + $"arguments, the mean of {Repeats} times: what no model can be expected to be better than.");
        lesions.AddTo(command);
        command.Options.Add(samples);
        command.Options.Add(fold);
        return command.Runs((arguments, text, cancellation) =>
        {
            var source = lesions.Lesions(arguments);
            var folds = SubjectSplit.Folds(source.Records, null, seed: 0);
            int[] images =
            [
                .. Enumerable.Range(0, source.Count)
                    .Where(index => arguments.GetValue(fold) is not { } only || folds[source.Records[index].Subject] == only),
            ];
            if (images.Length == 0)
            {
                throw new UsageException($"Fold {arguments.GetValue(fold)} does not exist; give one of {string.Join(", ", folds.Values.Distinct().Order())}.");
            }

            var scores = new List<ImageScores>();
            foreach (var index in images)
            {
                cancellation.ThrowIfCancellationRequested();
                var (experts, probability) = (source.Read(index).Annotations, source.TrueProbability(index));
                scores.AddRange(Enumerable.Range(0, Repeats).Select(seed => ImageScores.Compute(
                    new SampledMasks(source.DrawAnnotations(index, arguments.GetValue(samples), seed), probability), experts)));
            }

            var summary = ScoreSummary.Of(scores);
            text.WriteLine($"The truth's own draws, {images.Length} images, {arguments.GetValue(samples)} samples each. Dice in percent.");
            text.WriteLine();
            text.WriteLine($"| | {string.Join(" | ", MarkdownTable.PaperColumns.Select(figure => figure.Title))} |");
            text.WriteLine($"|---|{string.Concat(MarkdownTable.PaperColumns.Select(_ => "---|"))}");
            WriteLine("mean", summary);
            for (var position = 0; source.Classes.Count > 1 && position < source.Classes.Count; position++)
            {
                WriteLine(source.Classes.Names[position], summary.Classes[position]);
            }

            void WriteLine(string name, ScoreSummary own) =>
                text.WriteLine(
                    $"| {name} | {string.Join(" | ", MarkdownTable.PaperColumns.Select(figure => MarkdownTable.Number(figure, own[figure].Mean)))} |");
        });
    }
}
