using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Columns;

/// <summary>Columns that tell the height and width of each row's image or masks, where the type of these does not.</summary>
internal static class SizeColumn
{
    /// <summary>Height and width.</summary>
    public static VectorDataViewType Type { get; } = new(NumberDataViewType.Int32, 2);

    /// <summary>The column that tells the sizes of the images of another; null where these need none.</summary>
    /// <param name="context">Marks the errors.</param>
    /// <param name="schema">The columns.</param>
    /// <param name="columns">Their names.</param>
    /// <param name="image">The column of images.</param>
    /// <param name="parameter">Name of the argument that has the columns.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is missing or has the wrong type.</exception>
    public static DataViewSchema.Column? OfImages(
        IExceptionContext context, DataViewSchema schema, SegmentationColumns columns, DataViewSchema.Column image, string parameter) =>
        ImageColumn.VectorShape(image.Type) is { IsAnySize: true } ? Find(context, schema, columns.ImageSize, "image sizes", parameter) : null;

    /// <summary>The column that tells the sizes of the masks of another; null where these need none.</summary>
    /// <param name="context">Marks the errors.</param>
    /// <param name="schema">The columns.</param>
    /// <param name="columns">Their names.</param>
    /// <param name="masks">The column of masks.</param>
    /// <param name="parameter">Name of the argument that has the columns.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is missing or has the wrong type.</exception>
    public static DataViewSchema.Column? OfMasks(
        IExceptionContext context, DataViewSchema schema, SegmentationColumns columns, DataViewSchema.Column masks, string parameter) =>
        ((VectorDataViewType)masks.Type).Dimensions[^1] == 0 ? Find(context, schema, columns.MasksSize, "sizes of masks", parameter) : null;

    private static DataViewSchema.Column Find(IExceptionContext context, DataViewSchema schema, string name, string role, string parameter)
    {
        const string Remedy = "vectors of no known size need a column of height and width, which SegmentationColumns.ImageSize names for images and "
            + "MasksSize for masks";
        var column = schema.GetColumnOrNull(name) ?? throw ColumnErrors.Missing(context, parameter, role, name, Remedy);
        return column.Type.Equals(Type)
            ? column
            : throw ColumnErrors.Mismatch(context, parameter, role, name, Type.ToString()!, column.Type.ToString()!, Remedy);
    }

    /// <summary>Reads the size of a row's current position.</summary>
    public static Func<ImageSize> Getter(DataViewRow row, DataViewSchema.Column column)
    {
        var values = new VectorValues<int>(row.GetGetter<VBuffer<int>>(column));
        return () =>
        {
            var size = values.Read();
            return new ImageSize(size[0], size[1]);
        };
    }
}
