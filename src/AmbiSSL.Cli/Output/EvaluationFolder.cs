using System.Globalization;
using System.Text.Json.Nodes;
using AmbiSSL.Cli.Arguments;
using Microsoft.ML.Data;

namespace AmbiSSL.Cli.Output;

/// <summary>The folder of an evaluation of which several processes do a part each. A manifest's line has all that is known of an image.</summary>
/// <param name="shards">The folder.</param>
internal sealed class EvaluationFolder(ShardFolder shards)
{
    /// <summary>What <c>run.json</c> calls the command.</summary>
    public const string Command = "evaluate";

    private const string FiguresSetting = "figures";
    private const string UnitSetting = "unit";

    /// <summary>What figures depend on.</summary>
    /// <param name="model">Digest of the model.</param>
    /// <param name="samples">Masks of each image.</param>
    /// <param name="options">The figures.</param>
    /// <param name="unit">In what distances are.</param>
    /// <param name="classes">The classes of the masks.</param>
    public static JsonObject Settings(string model, int samples, FigureOptions options, string unit, MaskClasses classes)
    {
        var settings = new JsonObject
        {
            ["command"] = Command,
            ["model"] = model,
            ["samples"] = samples,
            [FiguresSetting] = new JsonArray([.. options.Figures.Select(figure => JsonValue.Create(figure.Name))]),
            ["tolerance"] = options.SurfaceTolerance,
            ["absentClasses"] = options.AbsentClasses.ToString(),
            [UnitSetting] = unit,
        };
        ClassesSetting.Add(settings, classes);
        return settings;
    }

    /// <summary>Writes the manifest of a shard.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="ids">Its images, in the order in which they were evaluated.</param>
    /// <param name="metrics">Their figures; null where there is none.</param>
    public void Write(Shard shard, IReadOnlyList<string> ids, AmbiguousSegmentationMetrics? metrics)
    {
        string[] columns = metrics is null ? [] : [.. metrics.PerImage.Schema.Select(column => column.Name).Where(name => name != "Row")];
        var values = columns.Select(column => metrics!.PerImage.GetColumn<double>(column).ToArray()).ToArray();
        shards.WriteManifest(shard, columns, ids.Select((id, row) => (id, values.Select(column => CsvFile.Number(column[row])))));
    }

    /// <summary>The figures over all images, to the last bit those of one process.</summary>
    /// <exception cref="InvalidDataException">An image is missing.</exception>
    public Evaluation Join()
    {
        var lines = shards.Lines();
        shards.RequireAll(lines.ContainsKey);
        var images = shards.Images.Select(id => lines[id]).ToArray();
        var dice = AmbiguousSegmentationMetrics.DiceColumn("");
        var names = shards.Settings[FiguresSetting]!.AsArray().Select(name => (string)name!).ToHashSet();
        Figure[] known = [.. Figure.All.Where(figure => images[0].ContainsKey(figure.Name))];
        var classes = ClassesSetting.Of(shards.Settings);
        return new Evaluation(
            ScoreSummary.Of([.. images.Select(OfImage)], [.. Figure.All.Where(figure => names.Contains(figure.Name))]),
            classes,
            (int)shards.Settings["samples"]!,
            images.Sum(line => Number(line, nameof(AmbiguousSegmentationMetrics.CountedShare))) / images.Length,
            images[0].Keys.Where(column => column.StartsWith(dice, StringComparison.Ordinal)).ToDictionary(
                column => column[dice.Length..], column => ScoreAverage.Of(images.Select(line => Number(line, column)))),
            (string)shards.Settings[UnitSetting]!);

        ImageScores OfImage(IReadOnlyDictionary<string, string> line)
        {
            ImageScores Scores(Func<Figure, string> column) => new(known.Select(figure => KeyValuePair.Create(figure, Number(line, column(figure)))));
            return classes.Count == 1
                ? Scores(figure => figure.Name)
                : ImageScores.OfClasses([.. classes.Names.Select(name => Scores(figure => AmbiguousSegmentationMetrics.ClassColumn(figure, name)))]);
        }
    }

    private double Number(IReadOnlyDictionary<string, string> line, string column)
    {
        var text = line.GetValueOrDefault(column) ?? throw Damaged("nothing");
        return text.Length == 0
            ? double.NaN
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : throw Damaged($"'{text}'");

        InvalidDataException Damaged(string found) => new(
            $"A manifest in '{shards.Path}' has {found} where {column} of image '{line[ShardFolder.Image]}' belongs; delete it, "
            + "and give the command of its shard again.");
    }
}
