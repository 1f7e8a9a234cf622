using AmbiSSL.Torch.Imaging;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Columns;

/// <summary>Reads the images of a column, one row after another.</summary>
/// <param name="context">Marks the errors.</param>
/// <param name="column">Name of the column.</param>
internal abstract class ImageReader(IExceptionContext context, string column)
{
    /// <summary>Marks the errors.</summary>
    protected IExceptionContext Context { get; } = context;

    /// <summary>Name of the column.</summary>
    protected string Column { get; } = column;

    /// <summary>Makes a reader for a column that <see cref="ImageColumn"/> has accepted.</summary>
    /// <param name="context">Marks the errors.</param>
    /// <param name="column">The column.</param>
    /// <param name="channels">Channels to take from an MLImage: 1 or 3.</param>
    /// <param name="getter">Getter of the column's values.</param>
    public static ImageReader Create(IExceptionContext context, DataViewSchema.Column column, int channels, Delegate getter) => getter switch
    {
        ValueGetter<VBuffer<byte>> bytes => new VectorImageReader<byte>(context, column, bytes),
        ValueGetter<VBuffer<ushort>> integers => new VectorImageReader<ushort>(context, column, integers),
        ValueGetter<VBuffer<float>> floats => new VectorImageReader<float>(context, column, floats),
        _ => new MLImageReader(context, column.Name, channels, (ValueGetter<MLImage?>)getter),
    };

    /// <summary>Makes a reader for the column of a row.</summary>
    public static ImageReader Create(IExceptionContext context, DataViewSchema.Column column, int channels, DataViewRow row) =>
        Create(context, column, channels, Getters.OfPixels(row, column));

    /// <summary>The image of the current row, valid until the next call.</summary>
    /// <param name="row">Position of the row, for errors.</param>
    /// <exception cref="InvalidOperationException">There is no image, or a value is not a finite number.</exception>
    public abstract ImagePixels Read(long row);

    /// <summary>Writes the image of the current row as a model sees it.</summary>
    /// <param name="row">Position of the row, for errors.</param>
    /// <param name="model">What the model takes.</param>
    /// <param name="destination">Receives C·H·W values of the model's shape.</param>
    /// <exception cref="InvalidOperationException">There is no image, or it cannot be brought to that size or scale.</exception>
    public void Read(long row, ImageFormat model, Span<float> destination) =>
        Fit(row, Read(row), model, "the model was trained on").CopyTo(destination);

    /// <summary>Brings an image to what a model takes.</summary>
    /// <param name="row">Position of the row, for errors.</param>
    /// <param name="image">The image of the row.</param>
    /// <param name="model">What the model takes.</param>
    /// <param name="reason">Where that comes from, for errors.</param>
    /// <exception cref="InvalidOperationException">It cannot be brought to that size or scale.</exception>
    public ImagePixels Fit(long row, ImagePixels image, ImageFormat model, string reason)
    {
        if (model.Preprocessing.Fit(image.Shape) != model.Shape)
        {
            throw ColumnErrors.InRow(
                Context, Column, row,
                $"the image is {image.Shape.Size} pixels, but {reason} {(model.Preprocessing.Crop is null ? "" : "crops of ")}{model.Shape.Size}",
                ImageColumn.ResizeRemedy(model.Shape));
        }

        RequireScale(row, image, model);
        return model.Preprocessing.Apply(image);
    }

    private void RequireScale(long row, ImagePixels image, ImageFormat model)
    {
        var outside = model.Source == PixelType.Float32 ? -1 : image.FindFloat(value => value is not (>= 0 and <= 1));
        if (outside >= 0)
        {
            throw ColumnErrors.InRow(
                Context, Column, row,
                $"pixel value {outside} is {FormattableString.Invariant($"{image.Values<float>()[outside]}")}, but the model was trained on "
                + $"{model.Source.InWords()}, which stand for 0 to 1",
                "scale the images to 0 to 1");
        }
    }
}
