using AmbiSSL.MLNet.Columns;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Evaluation;

/// <summary>Puts the rows of scored data views into a report.</summary>
internal static class ReportRows
{
    /// <summary>Adds every labeled row.</summary>
    /// <param name="context">Marks the errors.</param>
    /// <param name="report">The report of as many models.</param>
    /// <param name="scored">The same rows as each model scored them.</param>
    /// <param name="columns">Names of the columns.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or the views differ in the size of masks.</exception>
    /// <exception cref="InvalidOperationException">No row has annotations, or the views have different rows.</exception>
    public static void AddTo(IHostEnvironment context, EvaluationReport report, IReadOnlyList<IDataView> scored, SegmentationColumns columns)
    {
        var schema = scored[0].Schema;
        var masksColumn = ScoredRows.FindOutput(context, schema, columns.Masks, "masks", NumberDataViewType.Byte, "N, H, W");
        var dimensions = ((VectorDataViewType)masksColumn.Type).Dimensions;
        var format = ImageFormatAnnotation.Read(masksColumn)
            ?? new ImageFormat(new ImageShape(1, dimensions[1], dimensions[2]), PixelType.Float32, Preprocessing.None);
        var imageColumn = ImageColumn.Find(context, schema, columns.Image, format, nameof(scored));
        var (idColumn, subjectColumn) = (Text(schema, "Id"), Text(schema, "Subject"));
        DataViewSchema.Column?[] further = [imageColumn, idColumn, subjectColumn];
        var views = new List<ScoredRows>();
        try
        {
            foreach (var view in scored)
            {
                var own = views.Count == 0 ? further.OfType<DataViewSchema.Column>() : [];
                views.Add(new ScoredRows(context, view, columns, ReadersColumn.Find(context, view.Schema, columns.Readers, nameof(scored)), own));
            }

            var rows = views[0];
            var images = ImageReader.Create(context, imageColumn, format.Shape.Channels, rows.Cursor);
            var (id, subject) = (Getter(rows.Cursor, idColumn), Getter(rows.Cursor, subjectColumn));
            while (MoveNext(context, views))
            {
                if (rows.Experts.Count > 0)
                {
                    var pixels = images.Fit(rows.Row, images.Read(rows.Row), format, "the model was trained on");
                    var name = id() ?? $"row {rows.Row}";
                    report.Add(new AnnotatedImage(name, subject() ?? name, pixels, rows.Experts), [.. views.Select(view => view.Drawn())]);
                }
            }
        }
        finally
        {
            views.ForEach(view => view.Dispose());
        }

        if (report.Count == 0)
        {
            throw context.Process(new InvalidOperationException(
                $"Column '{columns.Annotations}' is empty in all {views[0].Row} rows; a report needs at least one image with masks."));
        }
    }

    private static bool MoveNext(IHostEnvironment context, List<ScoredRows> views)
    {
        bool[] moved = [.. views.Select(view => view.MoveNext())];
        return moved.Distinct().Count() == 1 && views.All(view => !moved[0] || view.Experts.Values.AsSpan().SequenceEqual(views[0].Experts.Values))
            ? moved[0]
            : throw context.Process(new InvalidOperationException(
                $"The data views differ in row {views[0].Row}: another number of rows, other annotations or another size; let both models score the same data."));
    }

    private static DataViewSchema.Column? Text(DataViewSchema schema, string name) =>
        schema.GetColumnOrNull(name) is { Type: TextDataViewType } column ? column : null;

    private static Func<string?> Getter(DataViewRow row, DataViewSchema.Column? column)
    {
        if (column is null)
        {
            return () => null;
        }

        var getter = row.GetGetter<ReadOnlyMemory<char>>(column.Value);
        return () =>
        {
            ReadOnlyMemory<char> text = default;
            getter(ref text);
            return text.ToString();
        };
    }
}
