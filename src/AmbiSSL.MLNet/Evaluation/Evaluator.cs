using AmbiSSL.MLNet.Columns;
using AmbiSSL.MLNet.Interop;
using AmbiSSL.Torch.Metrics;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Evaluation;

/// <summary>Scores a data view that has sampled masks beside the experts' annotations.</summary>
internal static class Evaluator
{
    /// <summary>Reads masks, probability and annotations once, the annotators' masks too where they are there, and scores every labeled row.</summary>
    public static AmbiguousSegmentationMetrics Evaluate(
        IHostEnvironment context, IDataView scored, SegmentationColumns columns, FigureOptions options, IReadOnlyList<PixelSpacing>? spacings)
    {
        options.Validate();
        var annotatorsColumn = scored.Schema.GetColumnOrNull(columns.AnnotatorMasks) is null
            ? (DataViewSchema.Column?)null
            : AnnotatorScores.Find(context, scored.Schema, columns);
        var readersColumn = annotatorsColumn is null ? null : ReadersColumn.Find(context, scored.Schema, columns.Readers, nameof(scored));
        var outlineColumns = OutlineScores.Columns(context, scored.Schema, columns);
        using var rows = new ScoredRows(
            context, scored, columns, readersColumn, [.. annotatorsColumn is { } column ? [column] : (DataViewSchema.Column[])[], .. outlineColumns]);
        var shape = new ImageShape(1, rows.Size.Height, rows.Size.Width);
        var annotators = annotatorsColumn is null ? null : new AnnotatorScores(context, annotatorsColumn.Value, shape, rows.Cursor);
        var outlines = outlineColumns.Length == 0 ? null : new OutlineScores(rows.Cursor, columns);
        var reliability = new Reliability();
        var scores = new List<ImageScores>();
        var labeled = new List<long>();
        var counted = new List<double>();
        while (rows.MoveNext())
        {
            if (rows.Experts.Count == 0)
            {
                continue;
            }

            RequireSpacing(context, spacings, rows.Row);
            var (drawn, pixels) = (rows.Drawn(), rows.RequireCounted());
            scores.Add(ImageScores.Compute(drawn, rows.Experts, options, spacings?[(int)rows.Row]));
            annotators?.Add(rows.Experts, pixels);
            outlines?.Add(rows.Row, rows.Experts, pixels);
            foreach (var (own, position) in drawn.OfClasses(rows.Classes, rows.Size).Select((own, position) => (own, position)))
            {
                reliability.Add(pixels.Of<float>(own.Probability), pixels.Masks(rows.Experts.OfClass(position).Values));
            }

            counted.Add(pixels.Share);
            labeled.Add(rows.Row);
        }

        if (scores.Count == 0)
        {
            throw context.Process(new InvalidOperationException(
                $"Column '{columns.Annotations}' is empty in all {rows.Row} rows; evaluation needs at least one image with masks."));
        }

        rows.DrawnClasses.WarnOfAbsent(context);
        var figures = Figure.WithNeeds(options.Figures);
        return new AmbiguousSegmentationMetrics(
            rows.Samples,
            rows.Classes,
            rows.Row - scores.Count,
            counted.Sum() / scores.Count,
            ScoreSummary.Of(scores, options.Figures),
            reliability.Error,
            outlines?.Coverage ?? [],
            annotators?.Averages() ?? new Dictionary<string, ScoreAverage>(),
            MlNetInterop.TableOf(
                context, labeled, scores, figures,
                [
                    .. OfClasses(rows.Classes, scores, figures),
                    (nameof(AmbiguousSegmentationMetrics.CountedShare), [.. counted]),
                    .. annotators?.Dice().Select(own => (AmbiguousSegmentationMetrics.DiceColumn(own.Annotator), own.Dice)) ?? [],
                ]));
    }

    /// <summary>Requires that a row has a spacing, where rows have any.</summary>
    /// <exception cref="ArgumentException">There are fewer spacings.</exception>
    public static void RequireSpacing(IExceptionContext context, IReadOnlyList<PixelSpacing>? spacings, long row)
    {
        if (row >= spacings?.Count)
        {
            throw context.Process(new ArgumentException(
                $"There are {spacings.Count} spacings and more rows; give one for each row of the data.", nameof(spacings)));
        }
    }

    /// <summary>A column for each figure of each class; none where there is one class, whose figures are those of the images.</summary>
    private static IEnumerable<(string Name, double[] Values)> OfClasses(
        MaskClasses classes, IReadOnlyList<ImageScores> scores, IReadOnlyList<Figure> figures) =>
        from position in Enumerable.Range(0, classes.Count == 1 ? 0 : classes.Count)
        from figure in figures
        where figure.IsPerImage
        select (AmbiguousSegmentationMetrics.ClassColumn(figure, classes.Names[position]), scores.Select(image => image.Classes[position][figure]).ToArray());
}
