using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Data;

/// <summary>All rows, those of some subjects with their annotations, the others without.</summary>
/// <param name="source">All rows.</param>
/// <param name="subjectColumn">The column that names subjects.</param>
/// <param name="annotationsColumn">The column of masks.</param>
/// <param name="subjects">Whose annotations are kept.</param>
internal sealed class LabeledSubjectsView(
    IDataView source, DataViewSchema.Column subjectColumn, DataViewSchema.Column annotationsColumn, IReadOnlySet<string> subjects) : IDataView
{
    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var columns = columnsNeeded.ToArray();
        return columns.Any(column => column.Index == annotationsColumn.Index)
            ? new Cursor(source.GetRowCursor(columns.Append(subjectColumn), rand), subjectColumn, annotationsColumn.Index, subjects)
            : source.GetRowCursor(columns, rand);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(
        DataViewRowCursor source, DataViewSchema.Column subjectColumn, int annotationsIndex, IReadOnlySet<string> subjects)
        : ForwardingCursor(source)
    {
        private readonly ValueGetter<ReadOnlyMemory<char>> _subjectGetter = source.GetGetter<ReadOnlyMemory<char>>(subjectColumn);
        private ReadOnlyMemory<char> _subject;

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            var getter = Source.GetGetter<TValue>(column);
            if (column.Index != annotationsIndex || getter is not ValueGetter<VBuffer<byte>> masks)
            {
                return getter;
            }

            return (ValueGetter<TValue>)(Delegate)(ValueGetter<VBuffer<byte>>)((ref VBuffer<byte> value) =>
            {
                _subjectGetter(ref _subject);
                if (subjects.Contains(_subject.ToString()))
                {
                    masks(ref value);
                }
                else
                {
                    value = new VBuffer<byte>(0, []);
                }
            });
        }
    }
}
