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

    private const string TypeRemedy = "give bytes, where nonzero is foreground or the number of a class";

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

    /// <summary>Finds the column and checks that it can be read.</summary>
    public static DataViewSchema.Column Find(
        IExceptionContext context, DataViewSchema schema, string name, string parameter, string remedy = MissingRemedy)
    {
        var column = schema.GetColumnOrNull(name) ?? throw ColumnErrors.Missing(context, parameter, Role, name, remedy);
        return column.Type is VectorDataViewType vector && vector.ItemType == NumberDataViewType.Byte
            ? column
            : throw ColumnErrors.Mismatch(context, parameter, Role, name, Expected, column.Type.ToString()!, TypeRemedy);
    }

    /// <summary>
    /// A type that tells the size of each mask and not how many there are: numbers of classes [A, H, W], or planes [A, K, H, W] of classes that overlap.
    /// </summary>
    public static VectorDataViewType OfSize(ImageSize size, MaskClasses? classes = null) => classes is { Overlap: true }
        ? new VectorDataViewType(NumberDataViewType.Byte, 0, classes.Count, size.Height, size.Width)
        : new VectorDataViewType(NumberDataViewType.Byte, 0, size.Height, size.Width);

    /// <summary>The values of masks as the column has them.</summary>
    public static byte[] Values(MaskSet masks) => masks.Classes.IsExclusive ? masks.ClassNumbers() : masks.Values;

    /// <summary>The size of each mask, where the column's type tells it.</summary>
    public static ImageSize? Size(DataViewSchema.Column column) =>
        ((VectorDataViewType)column.Type).Dimensions is [.., > 0 and var height, > 0 and var width] ? new ImageSize(height, width) : null;
}
