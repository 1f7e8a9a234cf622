using AmbiSSL.MLNet.Columns;
using AmbiSSL.MLNet.Interop;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Data;

/// <summary>
/// Rows with the masks that their files hold. They are read one after another: with several cursors ML.NET wraps what a file is refused for in an error
/// of its own, and no cursor knows which row of the data it is at.
/// </summary>
/// <param name="context">Marks the errors.</param>
/// <param name="source">The rows.</param>
/// <param name="mapper">Computes the columns.</param>
internal sealed class AnnotationLoadingView(IExceptionContext context, IDataView source, AnnotationLoadingMapper mapper)
    : TransformView(context, source)
{
    private readonly IExceptionContext _context = context;

    public override DataViewSchema Schema { get; } = mapper.OutputSchema(source.Schema);

    public override DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = Getters.Activate(Schema, columnsNeeded);
        var own = Source.Schema.Count;
        var isNeeded = mapper.GetDependencies(column => active.ElementAtOrDefault(own + column));
        return new Cursor(this, Source.GetRowCursor(Source.Schema.Where(column => active[column.Index] || isNeeded(column.Index)), rand), active);
    }

    public override DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private Delegate?[] CreateGetters(DataViewRow row, bool[] active) =>
        mapper.CreateGetters(row, column => active.ElementAtOrDefault(Source.Schema.Count + column));

    private sealed class Cursor(AnnotationLoadingView view, DataViewRowCursor source, bool[] active) : ForwardingCursor(source)
    {
        private readonly Delegate?[] _getters = view.CreateGetters(source, active);

        public override DataViewSchema Schema => view.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Getters.RequireActive(view._context, this, column);
            return column.Index < Source.Schema.Count
                ? Source.GetGetter<TValue>(Source.Schema[column.Index])
                : Getters.Typed<TValue>(view._context, column, _getters[column.Index - Source.Schema.Count]!);
        }
    }
}
