using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML.Data;
using Spectre.Console;

namespace AmbiSSL.Cli.Output;

/// <summary>The figures of an evaluation, as a table and as JSON.</summary>
internal static class MetricsReport
{
    /// <summary>The figures, each the mean over images.</summary>
    public static JsonObject ToJson(ScoreSummary summary, int samples)
    {
        var json = new JsonObject { ["images"] = summary.Count, ["samples"] = samples };
        Add(json, summary);
        return json;
    }

    /// <summary>The figures, each the mean over images, and the Dice of each annotator whom the model knows.</summary>
    public static JsonObject ToJson(Evaluation evaluation)
    {
        var json = ToJson(evaluation.Summary, evaluation.Samples);
        if (evaluation.Classes.Count > 1)
        {
            json["classes"] = new JsonObject(evaluation.Classes.Names.Zip(evaluation.Summary.Classes, (name, own) =>
            {
                var figures = new JsonObject();
                Add(figures, own);
                return KeyValuePair.Create(name, (JsonNode?)figures);
            }));
        }

        if (evaluation.CountedShare < 1)
        {
            json["countedShare"] = JsonFile.Number(evaluation.CountedShare);
        }

        if (evaluation.AnnotatorDice.Count > 0)
        {
            json["annotatorDice"] = new JsonObject(evaluation.AnnotatorDice.Select(dice => KeyValuePair.Create(
                dice.Key, (JsonNode?)new JsonObject { ["mean"] = JsonFile.Number(dice.Value.Mean), ["images"] = dice.Value.Count })));
        }

        return json;
    }

    /// <summary>Writes a CSV file of a line an image, with its figures.</summary>
    /// <param name="path">The file.</param>
    /// <param name="metrics">The figures.</param>
    /// <param name="images">Whose they are, in the same order.</param>
    public static void WriteCsv(string path, AmbiguousSegmentationMetrics metrics, IReadOnlyList<ImageRecord> images)
    {
        Figure[] figures = [.. metrics.Summary.Figures.Where(figure => figure.IsPerImage)];
        (string Name, string Column)[] named =
        [
            .. figures.Select(figure => (FigureName.Of(figure), figure.Name)),
            .. from own in metrics.Classes.Count == 1 ? [] : metrics.Classes.Names
               from figure in figures
               select ($"{own}_{FigureName.Of(figure)}", AmbiguousSegmentationMetrics.ClassColumn(figure, own)),
        ];
        double[][] columns = [.. named.Select(figure => metrics.PerImage.GetColumn<double>(figure.Column).ToArray())];
        CsvFile.Write(
            path,
            [
                ["image", "subject", .. named.Select(figure => figure.Name)],
                .. images.Select((image, row) => (IEnumerable<string>)[image.Id, image.Subject, .. columns.Select(column => CsvFile.Number(column[row]))]),
            ]);
    }

    /// <summary>
    /// Writes a table: each figure with its standard deviation over images, its range, and which way is better, of several classes the mean over them
    /// and each; and the Dice of each annotator.
    /// </summary>
    public static void Write(IAnsiConsole console, Evaluation evaluation)
    {
        var table = new Table
        {
            Border = TableBorder.Rounded,
            Title = new TableTitle(
                $"{evaluation.Summary.Count} images, {evaluation.Samples} samples"
                + (evaluation.CountedShare < 1 ? string.Create(CultureInfo.InvariantCulture, $", {evaluation.CountedShare:P1} of the pixels count") : "")),
        };
        table.AddColumn("figure");
        table.AddColumn(new TableColumn("mean").RightAligned());
        table.AddColumn(new TableColumn("deviation").RightAligned());
        var classes = evaluation.Classes.Count == 1 ? [] : evaluation.Summary.Classes;
        foreach (var name in evaluation.Classes.Names.Take(classes.Count))
        {
            table.AddColumn(new TableColumn(Markup.Escape(name)).RightAligned());
        }

        table.AddColumn("range");
        table.AddColumn("better");
        foreach (var figure in evaluation.Summary.Figures)
        {
            var average = evaluation.Summary[figure];
            table.AddRow(
                [
                    figure.Title, Number(average.Mean), Number(average.StandardDeviation), .. classes.Select(own => Number(own[figure].Mean)),
                    figure.RangeIn(evaluation.Unit), Better(figure.Better),
                ]);
        }

        foreach (var (annotator, dice) in evaluation.AnnotatorDice)
        {
            table.AddRow(
                [
                    Markup.Escape($"Dice of {annotator}, {dice.Count} images"), Number(dice.Mean), Number(dice.StandardDeviation), .. classes.Select(_ => ""),
                    Figure.DiceMax.Range, Better(Figure.DiceMax.Better),
                ]);
        }

        console.Write(table);
    }

    /// <summary>What is known where all images were evaluated by one process: the calibration error of their pixels together, and what outlines hold.</summary>
    public static IEnumerable<(string Name, string Value)> OfAllPixels(AmbiguousSegmentationMetrics metrics)
    {
        yield return ("calibration error of all pixels", Number(metrics.PooledCalibrationError));
        foreach (var name in metrics.Classes.Names)
        {
            if (metrics.OutlinesOfClass(name) is var (inner, outer))
            {
                var (of, own) = metrics.Classes.Count == 1 ? ("", "") : ($" of {name}", $" {name}");
                yield return ($"inner outline{of} inside a reader's", Share(inner));
                yield return ($"reader's{own} inside the outer outline", Share(outer));
            }
        }

        static string Share(double share) => string.Create(CultureInfo.InvariantCulture, $"{share:P1}, mean over patients");
    }

    /// <summary>A number with four decimals; a dash for NaN.</summary>
    public static string Number(double value) => double.IsNaN(value) ? "-" : value.ToString("F4", CultureInfo.InvariantCulture);

    private static void Add(JsonObject json, ScoreSummary summary)
    {
        foreach (var figure in summary.Figures)
        {
            json[FigureName.Of(figure)] = JsonFile.Number(summary[figure].Mean);
        }
    }

    private static string Better(FigureDirection direction) => direction switch
    {
        FigureDirection.Smaller => "smaller",
        FigureDirection.Larger => "larger",
        FigureDirection.LikeExperts => "as experts",
        _ => "",
    };
}
