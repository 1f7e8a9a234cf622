using AmbiSSL.MLNet.Columns;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Data;

/// <summary>The text column that names the patient of each row.</summary>
internal static class SubjectColumn
{
    private const string Role = "subject";

    /// <summary>Finds the column and checks its type.</summary>
    public static DataViewSchema.Column Find(IExceptionContext context, DataViewSchema schema, string name)
    {
        var column = schema.GetColumnOrNull(name) ?? throw ColumnErrors.Missing(
            context, nameof(schema), Role, name, "splits need to know whose image a row is: add a text column or name the one there is");
        return column.Type is TextDataViewType
            ? column
            : throw ColumnErrors.Mismatch(
                context, nameof(schema), Role, name, "Text", column.Type.ToString()!, "convert it with Conversion.ConvertType to DataKind.String");
    }

    /// <summary>The subjects, each once, in one pass that reads no other column.</summary>
    public static IReadOnlyCollection<string> Read(IExceptionContext context, IDataView data, string name)
    {
        var column = Find(context, data.Schema, name);
        var subjects = new HashSet<string>(StringComparer.Ordinal);
        using var cursor = data.GetRowCursor([column]);
        var getter = cursor.GetGetter<ReadOnlyMemory<char>>(column);
        ReadOnlyMemory<char> subject = default;
        while (cursor.MoveNext())
        {
            getter(ref subject);
            subjects.Add(subject.ToString());
        }

        return subjects;
    }
}
