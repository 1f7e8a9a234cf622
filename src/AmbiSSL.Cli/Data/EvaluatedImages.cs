using System.CommandLine;
using AmbiSSL.Cli.Arguments;

namespace AmbiSSL.Cli.Data;

/// <summary>The images that a model is evaluated on.</summary>
internal static class EvaluatedImages
{
    /// <summary>Positions of the images with masks: all of the data set, or those of the fold that was asked for.</summary>
    /// <exception cref="InvalidDataException">There is none, or the models of an ensemble held out others each.</exception>
    public static int[] Of(ParseResult arguments, SplitArguments split, ImageSource source, TrainedModel model, string path)
    {
        if (split.Fold(arguments) is not null && source.Records.All(record => record.Fold is null)
            && model.Models.Select(own => own.Options.Seed ?? 0).Distinct().Count() > 1)
        {
            throw new InvalidDataException(
                $"'{path}' names no folds, and they follow from the seed of a training, "
                + "which the models of the ensemble do not share: each held out other images. Leave --fold out and give images that none of them saw, or name "
                + "the folds in index.csv and train again.");
        }

        var parts = split.Split(arguments, source, model.Segmentation.Options.Seed ?? 0);
        var subjects = split.Fold(arguments) is null ? parts.Train : parts.Test;
        int[] labeled = [.. Enumerable.Range(0, source.Count).Where(position =>
            source.Records[position].IsLabeled && subjects.Contains(source.Records[position].Subject))];
        return labeled.Length > 0
            ? labeled
            : throw new InvalidDataException($"None of the images of '{path}' to evaluate on has a mask; at least one must.");
    }
}
