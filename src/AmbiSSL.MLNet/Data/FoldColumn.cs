using AmbiSSL.MLNet.Columns;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Data;

/// <summary>The column that says in which fold a row is.</summary>
internal static class FoldColumn
{
    private const string Role = "fold";

    /// <summary>The fold of every subject, in one pass that reads no other column.</summary>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    /// <exception cref="InvalidDataException">A row has no fold, a subject has two, or all have the same.</exception>
    public static IReadOnlyDictionary<string, int> Read(IExceptionContext context, IDataView data, string name, string subjectName)
    {
        var column = data.Schema.GetColumnOrNull(name) ?? throw ColumnErrors.Missing(
            context, nameof(data), Role, name, "name the one there is, or none to split by subject");
        if (column.Type != NumberDataViewType.Int32)
        {
            throw ColumnErrors.Mismatch(
                context, nameof(data), Role, name, "Int32", column.Type.ToString()!, "convert it with Conversion.ConvertType to DataKind.Int32");
        }

        var subjectColumn = SubjectColumn.Find(context, data.Schema, subjectName);
        return SubjectSplit.NamedFolds(Rows(data, subjectColumn, column));
    }

    private static IEnumerable<(string Row, string Subject, int? Fold)> Rows(IDataView data, DataViewSchema.Column subjects, DataViewSchema.Column folds)
    {
        using var cursor = data.GetRowCursor([subjects, folds]);
        var subjectGetter = cursor.GetGetter<ReadOnlyMemory<char>>(subjects);
        var foldGetter = cursor.GetGetter<int>(folds);
        ReadOnlyMemory<char> subject = default;
        var fold = 0;
        for (var row = 0L; cursor.MoveNext(); row++)
        {
            subjectGetter(ref subject);
            foldGetter(ref fold);
            yield return ($"Column '{folds.Name}', row {row}", subject.ToString(), fold);
        }
    }
}
