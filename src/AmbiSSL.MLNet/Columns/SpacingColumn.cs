using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Columns;

/// <summary>The column of the distances of each row's pixels in millimeters, from row to row and from column to column; NaN where nobody knows them.</summary>
internal static class SpacingColumn
{
    /// <summary>Two distances.</summary>
    public static VectorDataViewType Type { get; } = new(NumberDataViewType.Double, 2);

    /// <summary>Finds the column; null where there is none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It has another type.</exception>
    public static DataViewSchema.Column? Find(IExceptionContext context, DataViewSchema schema, string name, string parameter) =>
        schema.GetColumnOrNull(name) is not { } column ? null
        : column.Type.Equals(Type) ? column
        : throw ColumnErrors.Mismatch(
            context, parameter, "spacing", name, Type.ToString()!, column.Type.ToString()!,
            "give distances from row to row and from column to column in millimeters, or name another column with SegmentationColumns.Spacing");
}
