using AmbiSSL.MLNet.Columns;
using AmbiSSL.Torch.Metrics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Evaluation;

/// <summary>Puts the rows of a scored data view that have no annotations into an order.</summary>
internal static class Ranking
{
    /// <summary>By the distance between samples, the largest first; rows with the same distance stay in their order.</summary>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or there is one sample alone.</exception>
    /// <exception cref="InvalidOperationException">Every row has annotations.</exception>
    public static IReadOnlyList<RankedImage> ByDisagreement(IHostEnvironment context, IDataView scored, SegmentationColumns columns)
    {
        var masksColumn = ScoredRows.FindMasks(context, scored.Schema, columns);
        var layout = MaskLayout.Of(masksColumn);
        var dimensions = ((VectorDataViewType)masksColumn.Type).Dimensions;
        if (dimensions[0] < 2)
        {
            throw context.Process(new ArgumentException(
                $"Column '{columns.Masks}' has 1 mask a row; samples can only disagree where there are two: ask the transformer for WithSamples(10).",
                nameof(scored)));
        }

        DataViewSchema.Column? annotationsColumn = scored.Schema.GetColumnOrNull(columns.Annotations) is null
            ? null
            : AnnotationsColumn.Find(context, scored.Schema, columns.Annotations, nameof(scored));
        var sizeColumn = SizeColumn.OfMasks(context, scored.Schema, columns, masksColumn, nameof(scored));
        DataViewSchema.Column?[] needed = [masksColumn, annotationsColumn, sizeColumn];
        using var cursor = scored.GetRowCursor([.. needed.OfType<DataViewSchema.Column>(), .. RowNames.Columns(scored.Schema)]);
        var masks = new VectorValues<byte>(cursor.GetGetter<VBuffer<byte>>(masksColumn));
        var annotations = annotationsColumn is { } column ? cursor.GetGetter<VBuffer<byte>>(column) : null;
        var size = sizeColumn is { } known ? SizeColumn.Getter(cursor, known) : () => new ImageSize(dimensions[^2], dimensions[^1]);
        var names = new RowNames(cursor);
        var ranked = new List<RankedImage>();
        VBuffer<byte> outlines = default;
        var row = 0L;
        for (; cursor.MoveNext(); row++)
        {
            annotations?.Invoke(ref outlines);
            if (outlines.Length == 0)
            {
                var (id, subject) = names.Read(row);
                var (height, width) = size();
                var planes = layout.Planes(masks.Read(), height * width).Chunk(height * width).ToArray();
                var score = Enumerable.Range(0, layout.Classes.Count).Average(position => PairwiseDistance.WithinDistinct(
                    [.. planes.Where((_, plane) => plane % layout.Classes.Count == position).Select(plane => BitMask.FromBytes(plane, height, width))]));
                ranked.Add(new RankedImage(row, id, subject, score));
            }
        }

        return ranked.Count > 0
            ? [.. ranked.OrderByDescending(image => image.Score)]
            : throw context.Process(new InvalidOperationException(
                $"Column '{columns.Annotations}' has masks in all {row} rows; there is nothing to rank: give rows that nobody has outlined yet."));
    }
}
