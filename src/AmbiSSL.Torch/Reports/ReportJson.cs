using System.Text.Json;
using AmbiSSL.Torch.Imaging;
using AmbiSSL.Torch.Metrics;

namespace AmbiSSL.Torch.Reports;

/// <summary>The values of a report as its page reads them.</summary>
internal static class ReportJson
{
    /// <summary>Writes them. What would end the page's element is escaped.</summary>
    public static void Write(
        Stream stream,
        EvaluationReport report,
        IReadOnlyList<ReportImage> images,
        int[] samples,
        Reliability[] reliability,
        ReaderDice readers,
        IReadOnlyList<ReportCurve> curves)
    {
        using var json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        json.WriteString("title", report.Title);
        string[] notes =
        [
            report.Note,
            report.CountedShare == 1
                ? ""
                : FormattableString.Invariant($"Figures are of the {report.CountedShare:P1} of the pixels that no reader of their image ignores."),
            report.HasForeground ? "" : "No expert's mask has a pixel of foreground, so that figures tell only whether the model draws nothing.",
        ];
        json.WriteString("note", string.Join(' ', notes.Where(note => note.Length > 0)));
        json.WriteStartArray("classes");
        for (var position = 0; position < report.Classes.Count; position++)
        {
            json.WriteStartObject();
            json.WriteString("name", report.Classes.Names[position]);
            json.WriteString("color", ClassColors.Hexadecimal(position));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteBoolean("overlap", report.Classes.Overlap);
        json.WriteStartArray("figures");
        foreach (var figure in report.Figures.Figures)
        {
            json.WriteStartObject();
            json.WriteString("name", figure.Name);
            json.WriteString("title", figure.Title);
            json.WriteString("source", figure.Source);
            json.WriteString("range", figure.RangeIn(report.Unit));
            json.WriteString("better", figure.Better.ToString());
            json.WriteBoolean("perImage", figure.IsPerImage);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        ScoreSummary[] summaries =
            [.. Enumerable.Range(0, samples.Length).Select(m => ScoreSummary.Of([.. images.Select(image => image.Scores[m])], report.Figures.Figures))];
        json.WriteStartArray("models");
        for (var m = 0; m < samples.Length; m++)
        {
            json.WriteStartObject();
            json.WriteString("name", report.Models[m]);
            json.WriteNumber("samples", samples[m]);
            if (report.Outlines.ElementAtOrDefault(m) is { } outlines)
            {
                json.WriteNumber("coverage", outlines.Coverage);
            }

            WriteFigures(json, report.Figures.Figures, figure => summaries[m][figure].Mean, images, (image, figure) => image.Scores[m][figure]);
            WriteClasses(json, "classMeans", summaries[m].Classes, own => report.Figures.Figures.Select(figure => own[figure].Mean));
            json.WriteStartArray("reliability");
            foreach (var (probability, share, pixels) in reliability[m].Bins)
            {
                json.WriteStartArray();
                json.WriteNumberValue(probability);
                json.WriteNumberValue(share);
                json.WriteNumberValue(pixels);
                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (samples.Length == 2)
        {
            json.WriteStartObject("difference");
            WriteFigures(
                json, report.Figures.Figures, figure => summaries[0][figure].Mean - summaries[1][figure].Mean, images,
                (image, figure) => image.Scores[0][figure] - image.Scores[1][figure]);
            json.WriteEndObject();
        }

        json.WriteStartArray("readers");
        foreach (var (name, count, dice) in readers.All)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteNumber("images", count);
            WriteNumbers(json, "dice", dice);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("curves");
        foreach (var (model, name, points) in curves)
        {
            json.WriteStartObject();
            json.WriteNumber("model", model);
            json.WriteString("name", name);
            WriteNumbers(json, "epochs", points.Select(point => (double)point.Epoch));
            WriteNumbers(json, "values", points.Select(point => point.Value));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("images");
        foreach (var image in images)
        {
            Write(json, image, report.Figures.Figures);
            json.Flush();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ReportImage image, IReadOnlyList<Figure> figures)
    {
        json.WriteStartObject();
        json.WriteString("id", image.Id);
        json.WriteString("subject", image.Subject);
        json.WriteNumber("height", image.Size.Height);
        json.WriteNumber("width", image.Size.Width);
        json.WriteString("picture", image.Picture);
        WriteStrings(json, "experts", image.Experts);
        WriteStrings(json, "readers", image.Readers);
        json.WriteStartArray("models");
        for (var m = 0; m < image.Masks.Length; m++)
        {
            json.WriteStartObject();
            Figure[] own = [.. figures.Where(figure => figure.IsPerImage)];
            WriteNumbers(json, "scores", own.Select(figure => image.Scores[m][figure]));
            WriteClasses(json, "classScores", image.Scores[m].Classes, scores => own.Select(figure => scores[figure]));
            WriteStrings(json, "masks", image.Masks[m]);
            WriteStrings(json, "probability", image.Probabilities[m]);
            WriteStrings(json, "outlines", image.Outlines.ElementAtOrDefault(m) ?? []);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Means of all figures and their intervals over subjects; null for the interval of what is computed over images.</summary>
    private static void WriteFigures(
        Utf8JsonWriter json,
        IReadOnlyList<Figure> figures,
        Func<Figure, double> mean,
        IReadOnlyList<ReportImage> images,
        Func<ReportImage, Figure, double> score)
    {
        WriteNumbers(json, "means", figures.Select(mean));
        json.WriteStartArray("intervals");
        foreach (var figure in figures)
        {
            IReadOnlyList<double>[] subjects = figure.IsPerImage
                ? [.. images.Select(image => (image.Subject, Score: score(image, figure))).Where(image => !double.IsNaN(image.Score))
                    .GroupBy(image => image.Subject, image => image.Score).OrderBy(subject => subject.Key, StringComparer.Ordinal)
                    .Select(subject => subject.ToArray())]
                : [];
            if (subjects.Length < 2)
            {
                json.WriteNullValue();
                continue;
            }

            var interval = ScoreInterval.OverSubjects(subjects);
            json.WriteStartArray();
            json.WriteNumberValue(interval.Low);
            json.WriteNumberValue(interval.High);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    /// <summary>Figures of each class; nothing where there is one, whose they are.</summary>
    private static void WriteClasses<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> classes, Func<T, IEnumerable<double>> figures)
    {
        json.WriteStartArray(name);
        foreach (var own in classes.Count > 1 ? classes : [])
        {
            WriteNumbers(json, figures(own));
        }

        json.WriteEndArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<double> values)
    {
        json.WritePropertyName(name);
        WriteNumbers(json, values);
    }

    private static void WriteNumbers(Utf8JsonWriter json, IEnumerable<double> values)
    {
        json.WriteStartArray();
        foreach (var value in values)
        {
            if (double.IsNaN(value))
            {
                json.WriteNullValue();
            }
            else
            {
                json.WriteNumberValue(value);
            }
        }

        json.WriteEndArray();
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
