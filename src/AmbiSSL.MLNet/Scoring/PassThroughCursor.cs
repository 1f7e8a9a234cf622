using AmbiSSL.MLNet.Columns;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Scoring;

/// <summary>A cursor over the input's columns alone: nothing is computed, read ahead or copied.</summary>
/// <param name="context">Marks the errors.</param>
/// <param name="schema">The columns.</param>
/// <param name="source">Cursor of the input, which is owned from now on.</param>
/// <param name="active">Which columns are active.</param>
internal sealed class PassThroughCursor(IExceptionContext context, ScoringSchema schema, DataViewRowCursor source, bool[] active)
    : DataViewRowCursor
{
    public override DataViewSchema Schema => schema.Output;

    public override long Position => source.Position;

    public override long Batch => source.Batch;

    public override bool MoveNext() => source.MoveNext();

    public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

    // The input may have active columns that nobody asked for, such as the barrier of another transformer of this kind.
    public override bool IsColumnActive(DataViewSchema.Column column) =>
        schema.IsPassedThrough(column.Index) ? source.IsColumnActive(schema.Input[column.Index]) : active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (schema.IsPassedThrough(column.Index) && IsColumnActive(column))
        {
            return source.GetGetter<TValue>(schema.Input[column.Index]);
        }

        Getters.RequireActive(context, schema.Output, active, column);
        return Getters.Typed<TValue>(context, column, ReadAheadBarrier.Getter());
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
