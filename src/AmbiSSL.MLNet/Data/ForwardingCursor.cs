using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Data;

/// <summary>A cursor that hands on another's rows; derived ones leave rows out, or change or add a column.</summary>
/// <param name="source">The other cursor, which is owned from now on.</param>
internal abstract class ForwardingCursor(DataViewRowCursor source) : DataViewRowCursor
{
    public override DataViewSchema Schema => Source.Schema;

    public override long Position => Source.Position;

    public override long Batch => Source.Batch;

    protected DataViewRowCursor Source { get; } = source;

    public override bool MoveNext() => Source.MoveNext();

    public override bool IsColumnActive(DataViewSchema.Column column) => Source.IsColumnActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => Source.GetGetter<TValue>(column);

    public override ValueGetter<DataViewRowId> GetIdGetter() => Source.GetIdGetter();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Source.Dispose();
        }

        base.Dispose(disposing);
    }
}
