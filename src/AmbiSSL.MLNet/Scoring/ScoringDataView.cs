using AmbiSSL.MLNet.Interop;
using Microsoft.ML;

namespace AmbiSSL.MLNet.Scoring;

/// <summary>A data view with the computed columns.</summary>
/// <param name="transformer">The transformer.</param>
/// <param name="schema">The columns.</param>
/// <param name="source">The input.</param>
internal sealed class ScoringDataView(AmbiguousSegmentationTransformer transformer, ScoringSchema schema, IDataView source)
    : TransformView(transformer.Host, source)
{
    public override DataViewSchema Schema => schema.Output;

    public override DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var columns = columnsNeeded.ToArray();
        return Wrap(Source.GetRowCursor(schema.Dependencies(columns), rand), columns);
    }

    // One cursor while something is computed: the batch is the parallelism, and every further cursor would read another batch ahead.
    public override DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var columns = columnsNeeded.ToArray();
        return columns.Any(column => schema.IsComputed(column.Index))
            ? [GetRowCursor(columns, rand)]
            : [.. Source.GetRowCursorSet(schema.Dependencies(columns), n, rand).Select(cursor => Wrap(cursor, columns))];
    }

    private DataViewRowCursor Wrap(DataViewRowCursor cursor, DataViewSchema.Column[] columns)
    {
        var active = schema.Activate(columns);
        return schema.IsAnyComputed(active)
            ? new ScoringCursor(transformer, schema, cursor, active)
            : new PassThroughCursor(transformer.Host, schema, cursor);
    }
}
