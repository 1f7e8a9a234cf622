using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

namespace AmbiSSL.MLNet.Columns;

/// <summary>Which types an image column may have.</summary>
internal static class ImageColumn
{
    private const string Role = "image";
    private const string AnyShape = "Image or Vector<Single, C, H, W> of known size";
    private const string MissingRemedy = "name the column of the images with SegmentationColumns.Image";
    private const string TypeRemedy = "load an MLImage, or convert to Single and give the size, as [VectorType(C, H, W)] does";

    /// <summary>Checks what a schema shape tells of the type.</summary>
    public static void Check(IExceptionContext context, SchemaShape schema, string name, string parameter)
    {
        var column = schema.FirstOrDefault(c => c.Name == name);
        if (column.Name is null)
        {
            throw ColumnErrors.Missing(context, parameter, Role, name, MissingRemedy);
        }

        var isImage = column.Kind == SchemaShape.Column.VectorKind.Scalar && column.ItemType is ImageDataViewType;
        var isVector = column.Kind == SchemaShape.Column.VectorKind.Vector && column.ItemType == NumberDataViewType.Single;
        if (!isImage && !isVector)
        {
            throw ColumnErrors.Mismatch(context, parameter, Role, name, AnyShape, $"{column.Kind} of {column.ItemType}", TypeRemedy);
        }
    }

    /// <summary>Finds the column and checks that training can read it.</summary>
    public static DataViewSchema.Column Find(IExceptionContext context, DataViewSchema schema, string name, string parameter)
    {
        var column = schema.GetColumnOrNull(name) ?? throw ColumnErrors.Missing(context, parameter, Role, name, MissingRemedy);
        if (column.Type is not ImageDataViewType && VectorShape(column.Type) is null)
        {
            throw ColumnErrors.Mismatch(context, parameter, Role, name, AnyShape, column.Type.ToString()!, TypeRemedy);
        }

        return column;
    }

    /// <summary>Finds the column and checks that a model of images of a shape can read it.</summary>
    public static DataViewSchema.Column Find(
        IExceptionContext context, DataViewSchema schema, string name, ImageShape shape, string parameter)
    {
        var column = Find(context, schema, name, parameter);
        if (column.Type is ImageDataViewType image)
        {
            if (shape.Channels is not (1 or 3))
            {
                throw ColumnErrors.Mismatch(
                    context, parameter, Role, name, Vector(shape), column.Type.ToString()!,
                    $"give all {shape.Channels} channels in a vector");
            }

            if (image.Height > 0 && image.Width > 0 && (image.Height, image.Width) != (shape.Height, shape.Width))
            {
                throw ColumnErrors.Mismatch(
                    context, parameter, Role, name, $"images of {Size(shape)} pixels, on which the model was trained",
                    $"{image.Height}x{image.Width}", ResizeRemedy(shape));
            }
        }
        else if (VectorShape(column.Type) != shape)
        {
            throw ColumnErrors.Mismatch(
                context, parameter, Role, name, $"{Vector(shape)}, on which the model was trained", column.Type.ToString()!,
                "resize the images to the model's size, or train on images of this size");
        }

        return column;
    }

    /// <summary>Shape of the images in a vector column of known size; null for any other type.</summary>
    public static ImageShape? VectorShape(DataViewType type) =>
        type is VectorDataViewType { IsKnownSize: true } vector && vector.ItemType == NumberDataViewType.Single
            ? vector.Dimensions.Length switch
            {
                2 => new ImageShape(1, vector.Dimensions[0], vector.Dimensions[1]),
                3 => new ImageShape(vector.Dimensions[0], vector.Dimensions[1], vector.Dimensions[2]),
                _ => null,
            }
            : null;

    /// <summary>What to do about images of another size.</summary>
    public static string ResizeRemedy(ImageShape shape) =>
        $"resize with mlContext.Transforms.ResizeImages(column, imageWidth: {shape.Width}, imageHeight: {shape.Height}) "
        + "before this transform";

    /// <summary>Height and width, as error messages say them.</summary>
    public static string Size(ImageShape shape) => $"{shape.Height}x{shape.Width}";

    private static string Vector(ImageShape shape) => $"Vector<Single, {shape.Channels}, {shape.Height}, {shape.Width}>";
}
