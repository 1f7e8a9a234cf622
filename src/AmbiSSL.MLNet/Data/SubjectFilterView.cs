using Microsoft.ML;

namespace AmbiSSL.MLNet.Data;

/// <summary>The rows of some subjects.</summary>
/// <param name="source">All rows.</param>
/// <param name="subjectColumn">The column that names subjects.</param>
/// <param name="subjects">Whose rows are kept.</param>
internal sealed class SubjectFilterView(IDataView source, DataViewSchema.Column subjectColumn, IReadOnlySet<string> subjects) : IDataView
{
    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(source.GetRowCursor(columnsNeeded.Append(subjectColumn), rand), subjectColumn, subjects);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(DataViewRowCursor source, DataViewSchema.Column subjectColumn, IReadOnlySet<string> subjects)
        : ForwardingCursor(source)
    {
        private readonly ValueGetter<ReadOnlyMemory<char>> _getter = source.GetGetter<ReadOnlyMemory<char>>(subjectColumn);
        private ReadOnlyMemory<char> _subject;
        private long _position = -1;

        public override long Position => _position;

        public override bool MoveNext()
        {
            while (Source.MoveNext())
            {
                _getter(ref _subject);
                if (subjects.Contains(_subject.ToString()))
                {
                    _position++;
                    return true;
                }
            }

            _position = -1;
            return false;
        }
    }
}
