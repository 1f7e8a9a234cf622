using System.CommandLine;
using AmbiSSL.Cli.Arguments;

namespace AmbiSSL.Cli.Data;

/// <summary>The images that a model is evaluated on.</summary>
internal static class EvaluatedImages
{
    /// <summary>Positions of the images with masks: all of the data set, or those of the fold that was asked for.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public static int[] Of(ParseResult arguments, SplitArguments split, ImageSource source, TrainedModel model, string path)
    {
        var parts = split.Split(arguments, source, model.Segmentation.Options.Seed ?? 0);
        var subjects = split.Fold(arguments) is null ? parts.Train : parts.Test;
        int[] labeled = [.. Enumerable.Range(0, source.Count).Where(position =>
            source.Records[position].IsLabeled && subjects.Contains(source.Records[position].Subject))];
        return labeled.Length > 0
            ? labeled
            : throw new InvalidDataException($"None of the images of '{path}' to evaluate on has a mask; at least one must.");
    }
}
