using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Columns;

/// <summary>Which types a column of ignored pixels may have.</summary>
internal static class IgnoredColumn
{
    private const string Role = "ignored pixels";
    private const string Expected = "Vector<Byte> of A·H·W values";
    private const string TypeRemedy = "give bytes, nonzero where a mask says nothing, or set SegmentationColumns.Ignored to null";

    /// <summary>Checks what a schema shape tells of the type, where there is such a column.</summary>
    public static void Check(IExceptionContext context, SchemaShape schema, string? name, string parameter)
    {
        var column = schema.FirstOrDefault(column => column.Name == name);
        if (column.Name is null)
        {
            RequireDefault(context, name, parameter);
        }
        else if (column.Kind == SchemaShape.Column.VectorKind.Scalar || column.ItemType != NumberDataViewType.Byte)
        {
            throw ColumnErrors.Mismatch(context, parameter, Role, column.Name, Expected, $"{column.Kind} of {column.ItemType}", TypeRemedy);
        }
    }

    /// <summary>Finds the column and checks that it can be read; null where there is none under the default name.</summary>
    public static DataViewSchema.Column? Find(IExceptionContext context, DataViewSchema schema, string? name, string parameter)
    {
        if (name is null || schema.GetColumnOrNull(name) is not { } column)
        {
            RequireDefault(context, name, parameter);
            return null;
        }

        return column.Type is VectorDataViewType vector && vector.ItemType == NumberDataViewType.Byte
            ? column
            : throw ColumnErrors.Mismatch(context, parameter, Role, name, Expected, column.Type.ToString()!, TypeRemedy);
    }

    private static void RequireDefault(IExceptionContext context, string? name, string parameter)
    {
        if (name is not (null or SegmentationColumns.DefaultIgnored))
        {
            throw ColumnErrors.Missing(context, parameter, Role, name, "name the column of pixels that do not count with SegmentationColumns.Ignored");
        }
    }
}
