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
    /// <exception cref="InvalidOperationException">A row has no fold, a subject has two, or all have the same.</exception>
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
        using var cursor = data.GetRowCursor([subjectColumn, column]);
        var subjectGetter = cursor.GetGetter<ReadOnlyMemory<char>>(subjectColumn);
        var foldGetter = cursor.GetGetter<int>(column);
        ReadOnlyMemory<char> text = default;
        var fold = 0;
        var folds = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var row = 0L; cursor.MoveNext(); row++)
        {
            subjectGetter(ref text);
            foldGetter(ref fold);
            var subject = text.ToString();
            if (fold < 0)
            {
                throw ColumnErrors.InRow(
                    context, name, row, $"the fold is {fold}, which means none", "number the folds of all rows from 0, or drop the column");
            }

            if (!folds.TryAdd(subject, fold) && folds[subject] != fold)
            {
                throw ColumnErrors.InRow(
                    context, name, row, $"subject '{subject}' is in fold {fold} and, in an earlier row, in fold {folds[subject]}",
                    "put all rows of a subject into one fold");
            }
        }

        return folds.Values.Distinct().Count() > 1
            ? folds
            : throw context.Process(new InvalidOperationException(
                $"Column '{name}' names {folds.Values.Distinct().Count()} folds; cross-validation needs at least two. Drop the column to split by "
                + "subject."));
    }
}
