using AmbiSSL.MLNet.Columns;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Scoring;

/// <summary>A cursor over the input's columns alone: nothing is computed, read ahead or copied.</summary>
/// <param name="context">Marks the errors.</param>
/// <param name="schema">The columns.</param>
/// <param name="source">Cursor of the input, which is owned from now on.</param>
internal sealed class PassThroughCursor(IExceptionContext context, ScoringSchema schema, DataViewRowCursor source) : DataViewRowCursor
{
    // The rows of another transformer of this kind are guarded still.
    private readonly bool _isGuarded = source.Schema[^1].Type is ReadAheadBarrier;

    public override DataViewSchema Schema => _isGuarded ? schema.Cursor : schema.Output;

    public override long Position => source.Position;

    public override long Batch => source.Batch;

    public override bool MoveNext() => source.MoveNext();

    public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) =>
        column.Index == schema.Barrier ? _isGuarded : schema.IsPassedThrough(column.Index) && source.IsColumnActive(schema.Input[column.Index]);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Getters.RequireActive(context, this, column);
        return column.Index == schema.Barrier
            ? Getters.Typed<TValue>(context, column, ReadAheadBarrier.Getter())
            : source.GetGetter<TValue>(schema.Input[column.Index]);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
        }

        base.Dispose(disposing);
    }
}
