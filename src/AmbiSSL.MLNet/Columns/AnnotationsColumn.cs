using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Columns;

/// <summary>Which types a column of annotations may have.</summary>
internal static class AnnotationsColumn
{
    private const string Role = "annotations";
    private const string Expected = "Vector<Byte> of A·H·W values";
    private const string MissingRemedy =
        "training needs the experts' masks: name their column with SegmentationColumns.Annotations "
        + "and leave the vectors of unlabeled images empty";

    private const string TypeRemedy = "give bytes, where nonzero is foreground";

    /// <summary>Checks what a schema shape tells of the type.</summary>
    public static void Check(IExceptionContext context, SchemaShape schema, string name, string parameter)
    {
        var column = schema.FirstOrDefault(c => c.Name == name);
        if (column.Name is null)
        {
            throw ColumnErrors.Missing(context, parameter, Role, name, MissingRemedy);
        }

        if (column.Kind == SchemaShape.Column.VectorKind.Scalar || column.ItemType != NumberDataViewType.Byte)
        {
            throw ColumnErrors.Mismatch(context, parameter, Role, name, Expected, $"{column.Kind} of {column.ItemType}", TypeRemedy);
        }
    }

    /// <summary>Finds the column and checks that training can read it.</summary>
    public static DataViewSchema.Column Find(IExceptionContext context, DataViewSchema schema, string name, string parameter)
    {
        var column = schema.GetColumnOrNull(name) ?? throw ColumnErrors.Missing(context, parameter, Role, name, MissingRemedy);
        return column.Type is VectorDataViewType vector && vector.ItemType == NumberDataViewType.Byte
            ? column
            : throw ColumnErrors.Mismatch(context, parameter, Role, name, Expected, column.Type.ToString()!, TypeRemedy);
    }

    /// <summary>Checks the mask size, where the column's type tells one, against the images.</summary>
    public static void CheckMaskSize(IExceptionContext context, DataViewSchema.Column column, ImageShape shape, string parameter)
    {
        var dimensions = ((VectorDataViewType)column.Type).Dimensions;
        if (dimensions.Length >= 2 && dimensions[^2] > 0 && dimensions[^1] > 0
            && (dimensions[^2], dimensions[^1]) != (shape.Height, shape.Width))
        {
            throw ColumnErrors.Mismatch(
                context, parameter, Role, column.Name, $"masks of the images' {shape.Size} pixels",
                $"{dimensions[^2]}x{dimensions[^1]}", "resize masks and images alike");
        }
    }
}
