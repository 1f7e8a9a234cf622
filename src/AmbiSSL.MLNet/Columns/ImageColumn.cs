using AmbiSSL.MLNet.Interop;
using AmbiSSL.Torch.Imaging;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

namespace AmbiSSL.MLNet.Columns;

/// <summary>Which types an image column may have.</summary>
internal static class ImageColumn
{
    private const string Role = "image";
    private const int SmallestSide = SegmentationTrainer.MinimumSide;
    private const string VectorTypes = "Byte, UInt16 or Single";
    private const string AnyShape = $"Image or Vector<{VectorTypes}, C, H, W> of known size";
    private const string MissingRemedy = "name the column of the images with SegmentationColumns.Image";
    private const string TypeRemedy =
        "load an MLImage, or convert to Byte, UInt16 or Single and give the size, as [VectorType(C, H, W)] does";

    /// <summary>Checks what a schema shape tells of the type.</summary>
    /// <returns>Whether it tells that images have one size.</returns>
    public static bool Check(IExceptionContext context, SchemaShape schema, string name, bool anySize, string parameter)
    {
        var column = schema.FirstOrDefault(c => c.Name == name);
        if (column.Name is null)
        {
            throw ColumnErrors.Missing(context, parameter, Role, name, MissingRemedy);
        }

        var isImage = column.Kind == SchemaShape.Column.VectorKind.Scalar && column.ItemType is ImageDataViewType;
        var hasKnownSize = column.Kind == SchemaShape.Column.VectorKind.Vector;
        var isVector = (hasKnownSize || (anySize && column.Kind == SchemaShape.Column.VectorKind.VariableVector)) && ItemType(column.ItemType) is not null;
        if (!isImage && !isVector)
        {
            throw ColumnErrors.Mismatch(context, parameter, Role, name, AnyShape, $"{column.Kind} of {column.ItemType}", TypeRemedy);
        }

        return hasKnownSize || column.ItemType is ImageDataViewType { Height: > 0, Width: > 0 };
    }

    /// <summary>Finds the column and checks that training can read it.</summary>
    public static DataViewSchema.Column Find(IExceptionContext context, DataViewSchema schema, string name, string parameter)
    {
        var column = schema.GetColumnOrNull(name) ?? throw ColumnErrors.Missing(context, parameter, Role, name, MissingRemedy);
        if (VectorShape(column.Type) is { Channels: >= SmallestSide, Width: < SmallestSide, IsAnySize: false } interleaved)
        {
            throw ColumnErrors.Mismatch(
                context, parameter, Role, name, "channels before height and width", $"{column.Type}, which seems to be height, width and channels",
                $"give the values as [{interleaved.Width}, {interleaved.Channels}, {interleaved.Height}], one channel after the other, as ExtractPixels does "
                + "without interleavePixelColors");
        }

        if (column.Type is not ImageDataViewType && VectorShape(column.Type) is null)
        {
            throw ColumnErrors.Mismatch(context, parameter, Role, name, AnyShape, column.Type.ToString()!, TypeRemedy);
        }

        return column;
    }

    /// <summary>Checks that the column was not lost in a cache.</summary>
    public static void CheckCache(IExceptionContext context, IDataView data, string name, string parameter)
    {
        if (data.Schema.GetColumnOrNull(name) is null && MlNetInterop.IsBehindCache(data))
        {
            throw ColumnErrors.Missing(
                context, parameter, Role, name,
                "the data comes through a cache, AppendCacheCheckpoint or Data.Cache, which leaves out columns of MLImage: take the cache away (training keeps "
                + "images in one of its own), or put ExtractPixels before it");
        }
    }

    /// <summary>Finds the column and checks that its images can be brought to a model's.</summary>
    public static DataViewSchema.Column Find(
        IExceptionContext context, DataViewSchema schema, string name, ImageFormat model, string parameter)
    {
        var column = Find(context, schema, name, parameter);
        var shape = model.Shape;
        if (column.Type is ImageDataViewType image)
        {
            if (shape.Channels is not (1 or 3))
            {
                throw ColumnErrors.Mismatch(
                    context, parameter, Role, name, Vector(shape), column.Type.ToString()!,
                    $"give all {shape.Channels} channels in a vector");
            }

            if (image.Height > 0 && image.Width > 0 && !model.Takes(new ImageShape(shape.Channels, image.Height, image.Width)))
            {
                throw ColumnErrors.Mismatch(
                    context, parameter, Role, name, $"images of {shape.Size} pixels{OrMore(model)}, on which the model was trained",
                    $"{image.Height}x{image.Width}", ResizeRemedy(shape));
            }
        }
        else if (!model.Takes(VectorShape(column.Type)!.Value))
        {
            throw ColumnErrors.Mismatch(
                context, parameter, Role, name, $"{Vector(shape)}{OrMore(model)}, on which the model was trained", column.Type.ToString()!,
                "resize the images to the model's size, or train on images of this size");
        }

        CheckScale(context, column, model, parameter);
        return column;
    }

    /// <summary>What the images of a column that training reads have in common.</summary>
    /// <param name="column">The column.</param>
    /// <param name="shape">Shape of the first row's image.</param>
    public static ImageFormat Format(DataViewSchema.Column column, ImageShape shape)
    {
        var type = Type(column.Type);
        var known = ImageFormatAnnotation.Read(column);
        return known is not null && known.Shape.Includes(shape) && known.PixelType == type
            ? known
            : new ImageFormat(shape, type, Preprocessing.None);
    }

    /// <summary>The type in which the images of a column were stored, before they were resized.</summary>
    public static PixelType Source(DataViewSchema.Column column)
    {
        var type = Type(column.Type);
        return ImageFormatAnnotation.Read(column) is { } known && known.PixelType == type ? known.Source : type;
    }

    /// <summary>The type of the pixels of a column.</summary>
    public static PixelType Type(DataViewType type) => VectorType(type) ?? PixelType.UInt8;

    /// <summary>The type of the items of a vector column; null for any other type.</summary>
    public static PixelType? VectorType(DataViewType type) => type is VectorDataViewType vector ? ItemType(vector.ItemType) : null;

    /// <summary>The type of a vector column of images.</summary>
    public static DataViewType Vector(ImageFormat format) => new VectorDataViewType(
        format.PixelType switch
        {
            PixelType.UInt8 => NumberDataViewType.Byte,
            PixelType.UInt16 => NumberDataViewType.UInt16,
            _ => NumberDataViewType.Single,
        },
        format.Shape.Channels, format.Shape.Height, format.Shape.Width);

    /// <summary>Shape of the images in a vector column, of any size where the type tells the channels alone; null for any other type.</summary>
    public static ImageShape? VectorShape(DataViewType type) =>
        type is VectorDataViewType vector && VectorType(type) is not null
            ? vector.Dimensions.Length switch
            {
                3 when vector.Dimensions[0] > 0 && vector.Dimensions[1] == 0 && vector.Dimensions[2] == 0 => new ImageShape(vector.Dimensions[0], 0, 0),
                _ when !vector.IsKnownSize => null,
                2 => new ImageShape(1, vector.Dimensions[0], vector.Dimensions[1]),
                3 => new ImageShape(vector.Dimensions[0], vector.Dimensions[1], vector.Dimensions[2]),
                _ => null,
            }
            : null;

    /// <summary>What to do about images of another size.</summary>
    public static string ResizeRemedy(ImageShape shape) =>
        $"resize with mlContext.Transforms.ResizeImages(column, imageWidth: {shape.Width}, imageHeight: {shape.Height}) "
        + "before this transform";

    private static string OrMore(ImageFormat model) => model.Preprocessing.Crop is null ? "" : " or more";

    private static string Vector(ImageShape shape) => $"Vector<{VectorTypes}, {shape.Channels}, {shape.Height}, {shape.Width}>";

    private static PixelType? ItemType(DataViewType type) =>
        type == NumberDataViewType.Byte ? PixelType.UInt8
        : type == NumberDataViewType.UInt16 ? PixelType.UInt16
        : type == NumberDataViewType.Single ? PixelType.Float32
        : null;

    private static void CheckScale(IExceptionContext context, DataViewSchema.Column column, ImageFormat model, string parameter)
    {
        var source = Source(column);
        if (IntensityCheck.OfType(model, source) is { } fault)
        {
            var actual = source.InWords() + (model.Intensities?.Window is null ? ", which stand for 0 to 1" : "");
            throw ColumnErrors.Mismatch(context, parameter, Role, column.Name, fault.Expected, actual, fault.Remedy);
        }
    }
}
