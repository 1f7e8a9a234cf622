using System.CommandLine;
using AmbiSSL.Cli.Output;

namespace AmbiSSL.Cli.Commands;

/// <summary><c>ambissl merge</c>: joins what the shards of <c>predict</c> or <c>evaluate</c> wrote, and says what is missing.</summary>
internal static class MergeCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var output = new Option<string>("--out") { Description = "The folder that the shards wrote to", HelpName = "DIR", Required = true };
        var command = new Command(
            "merge",
            "Joins what the shards of predict or evaluate wrote: checks that every image is there as its shard wrote it, and writes measurements.csv and "
            + "manifest.csv, or figures.json. Says which images are missing. Needs neither model nor data.");
        command.Options.Add(output);
        return command.Runs((arguments, text, _) =>
        {
            var path = arguments.GetRequiredValue(output);
            var shards = ShardFolder.Open(path);
            switch (shards.Settings["command"]?.ToString())
            {
                case PredictionFolder.Command:
                    var folder = new PredictionFolder(shards);
                    folder.Join();
                    text.WriteLine($"All {shards.Images.Count} images are there: {folder.ManifestPath} and {folder.MeasurementsPath}.");
                    break;
                case EvaluationFolder.Command:
                    var figures = new EvaluationFolder(shards).Join();
                    MetricsReport.Write(Terminal.Open(text), figures);
                    JsonFile.Write(Path.Combine(path, "figures.json"), MetricsReport.ToJson(figures));
                    break;
                case var other:
                    throw new InvalidDataException($"'{path}' was written by the command '{other}'; give a folder of predict or evaluate.");
            }
        });
    }
}
