using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Columns;

/// <summary>Texts in the annotations of a schema's columns, which follow a column through other transforms.</summary>
internal static class ColumnAnnotation
{
    /// <summary>Adds a text.</summary>
    public static void AddText(this DataViewSchema.Annotations.Builder builder, string kind, string text) =>
        builder.Add(kind, TextDataViewType.Instance, (ref ReadOnlyMemory<char> value) => value = text.AsMemory());

    /// <summary>The text of a kind; null where the column has none.</summary>
    public static string? Text(this DataViewSchema.Column column, string kind)
    {
        if (column.Annotations.Schema.GetColumnOrNull(kind) is not { Type: TextDataViewType })
        {
            return null;
        }

        ReadOnlyMemory<char> value = default;
        column.Annotations.GetValue(kind, ref value);
        return value.ToString();
    }
}
