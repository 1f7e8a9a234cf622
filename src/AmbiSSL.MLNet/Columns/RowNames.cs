using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Columns;

/// <summary>What the image of the current row is called and whose it is: the text columns Id and Subject, where the data has them.</summary>
internal sealed class RowNames
{
    private readonly Func<string?> _id;
    private readonly Func<string?> _subject;

    /// <param name="row">A row that gives the columns of <see cref="Columns"/>.</param>
    public RowNames(DataViewRow row) => (_id, _subject) = (Getter(row, Find(row.Schema, "Id")), Getter(row, Find(row.Schema, "Subject")));

    /// <summary>The columns that are read.</summary>
    public static IEnumerable<DataViewSchema.Column> Columns(DataViewSchema schema) =>
        ((DataViewSchema.Column?[])[Find(schema, "Id"), Find(schema, "Subject")]).OfType<DataViewSchema.Column>();

    /// <summary>Name and subject of the current row; its position for a name that is not there, and the name for a subject.</summary>
    public (string Id, string Subject) Read(long row)
    {
        var id = _id() ?? $"row {row}";
        return (id, _subject() ?? id);
    }

    private static DataViewSchema.Column? Find(DataViewSchema schema, string name) =>
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
