using AmbiSSL.MLNet.Columns;
using AmbiSSL.MLNet.Persistence;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Evaluation;

/// <summary>Scores a data view that has sampled masks beside the experts' annotations.</summary>
internal static class Evaluator
{
    /// <summary>Reads masks, probability and annotations once, the annotators' masks too where they are there, and scores every labeled row.</summary>
    public static AmbiguousSegmentationMetrics Evaluate(
        IHostEnvironment context, IDataView scored, SegmentationColumns columns, EmptyMaskConvention emptyMasks)
    {
        var masksColumn = FindOutput(context, scored.Schema, columns.Masks, "masks", NumberDataViewType.Byte, "N, H, W");
        var probabilityColumn = FindOutput(context, scored.Schema, columns.Probability, "probability", NumberDataViewType.Single, "H, W");
        var annotationsColumn = AnnotationsColumn.Find(context, scored.Schema, columns.Annotations, nameof(scored));
        var size = ((VectorDataViewType)masksColumn.Type).Dimensions;
        var shape = new ImageShape(1, size[1], size[2]);

        var annotatorsColumn = scored.Schema.GetColumnOrNull(columns.AnnotatorMasks) is null
            ? (DataViewSchema.Column?)null
            : FindOutput(context, scored.Schema, columns.AnnotatorMasks, "annotator masks", NumberDataViewType.Byte, "A, H, W");

        var fit = new AnnotationsFit(context, scored.Schema, columns, masksColumn);
        var readersColumn = annotatorsColumn is null ? null : ReadersColumn.Find(context, scored.Schema, columns.Readers, nameof(scored));
        DataViewSchema.Column?[] needed = [masksColumn, probabilityColumn, annotationsColumn, annotatorsColumn, readersColumn];
        using var cursor = scored.GetRowCursor([.. needed.OfType<DataViewSchema.Column>(), .. fit.Needed]);
        var annotations = fit.Read(new AnnotationsReader(context, cursor, annotationsColumn, readersColumn), cursor);
        var masks = new VectorValues<byte>(cursor.GetGetter<VBuffer<byte>>(masksColumn));
        var probability = new VectorValues<float>(cursor.GetGetter<VBuffer<float>>(probabilityColumn));
        var annotators = annotatorsColumn is null ? null : new AnnotatorScores(context, annotatorsColumn.Value, shape, cursor);
        var scores = new List<ImageScores>();
        var labeled = new List<long>();
        var rows = 0L;
        for (; cursor.MoveNext(); rows++)
        {
            var experts = annotations(rows);
            if (experts.Count == 0)
            {
                continue;
            }

            scores.Add(ImageScores.Compute(masks.Read(), probability.Read(), experts.Values, shape.Height, shape.Width, emptyMasks));
            annotators?.Add(experts);
            labeled.Add(rows);
        }

        if (scores.Count == 0)
        {
            throw context.Process(new InvalidOperationException(
                $"Column '{columns.Annotations}' is empty in all {rows} rows; evaluation needs at least one image with masks."));
        }

        return new AmbiguousSegmentationMetrics(
            size[0], rows - scores.Count, ScoreSummary.Of(scores), annotators?.Averages() ?? new Dictionary<string, ScoreAverage>(),
            MlNetInterop.TableOf(context, labeled, scores));
    }

    private static DataViewSchema.Column FindOutput(
        IExceptionContext context, DataViewSchema schema, string name, string role, DataViewType item, string dimensions)
    {
        const string Remedy = "evaluate what the trained transformer's Transform returns";
        var column = schema.GetColumnOrNull(name) ?? throw ColumnErrors.Missing(context, nameof(schema), role, name, Remedy);
        return column.Type is VectorDataViewType { IsKnownSize: true } vector && vector.ItemType == item
            && vector.Dimensions.Length == dimensions.Split(',').Length
            ? column
            : throw ColumnErrors.Mismatch(
                context, nameof(schema), role, name, $"Vector<{item}, {dimensions}>", column.Type.ToString()!, Remedy);
    }
}
