using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace AmbiSSL.Cli.Output;

/// <summary>The figures of an evaluation, as a table and as JSON.</summary>
internal static class MetricsReport
{
    /// <summary>Every figure, the mean over images.</summary>
    public static JsonObject ToJson(ScoreSummary summary, int samples)
    {
        return new JsonObject
        {
            ["images"] = summary.Count,
            ["samples"] = samples,
            ["ged"] = JsonFile.Number(summary.Ged.Mean),
            ["diceSoft"] = JsonFile.Number(summary.DiceSoft.Mean),
            ["diceMax"] = JsonFile.Number(summary.DiceMax.Mean),
            ["diceMatch"] = JsonFile.Number(summary.DiceMatch.Mean),
            ["oracleDice"] = JsonFile.Number(summary.OracleDice.Mean),
            ["expectedCalibrationError"] = JsonFile.Number(summary.ExpectedCalibrationError.Mean),
            ["brier"] = JsonFile.Number(summary.Brier.Mean),
            ["sampleDiversity"] = JsonFile.Number(summary.SampleDiversity.Mean),
            ["expertDiversity"] = JsonFile.Number(summary.ExpertDiversity.Mean),
            ["disagreementCorrelation"] = JsonFile.Number(summary.DisagreementCorrelation),
        };
    }

    /// <summary>Writes a table: each figure with its standard deviation over images, and which way is better.</summary>
    public static void Write(IAnsiConsole console, AmbiguousSegmentationMetrics metrics)
    {
        var summary = metrics.Summary;
        var table = new Table { Border = TableBorder.Rounded, Title = new TableTitle($"{metrics.Images} images, {metrics.Samples} samples") };
        table.AddColumn("figure");
        table.AddColumn(new TableColumn("mean").RightAligned());
        table.AddColumn(new TableColumn("deviation").RightAligned());
        table.AddColumn("better");
        Add("GED", summary.Ged, "smaller");
        Add("Dice soft", summary.DiceSoft, "larger");
        Add("Dice max", summary.DiceMax, "larger");
        Add("Dice match", summary.DiceMatch, "larger");
        Add("oracle Dice", summary.OracleDice, "larger");
        Add("expected calibration error", summary.ExpectedCalibrationError, "smaller");
        Add("Brier score", summary.Brier, "smaller");
        Add("distance between samples", summary.SampleDiversity, "as the experts'");
        Add("distance between experts", summary.ExpertDiversity, "");
        table.AddRow("correlation of disagreement", Number(summary.DisagreementCorrelation), "", "larger");
        console.Write(table);

        void Add(string name, ScoreAverage score, string better) => table.AddRow(name, Number(score.Mean), Number(score.StandardDeviation), better);
    }

    private static string Number(double value) => double.IsNaN(value) ? "-" : value.ToString("F4", CultureInfo.InvariantCulture);
}
