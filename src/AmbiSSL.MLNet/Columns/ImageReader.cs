using AmbiSSL.Torch.Imaging;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Columns;

/// <summary>Reads the images of a column, one row after another.</summary>
/// <param name="context">Marks the errors.</param>
/// <param name="column">The column.</param>
internal abstract class ImageReader(IExceptionContext context, DataViewSchema.Column column)
{
    private bool _hasWarned;

    /// <summary>Gives room for the values of an image.</summary>
    public delegate Span<float> RoomFor(ImageShape shape);

    /// <summary>Marks the errors.</summary>
    protected IExceptionContext Context { get; } = context;

    /// <summary>Name of the column.</summary>
    protected string Column { get; } = column.Name;

    /// <summary>The type in which the images were stored, before they were resized.</summary>
    public PixelType Source { get; } = ImageColumn.Source(column);

    /// <summary>Makes a reader for a column that <see cref="ImageColumn"/> has accepted.</summary>
    /// <param name="context">Marks the errors.</param>
    /// <param name="column">The column.</param>
    /// <param name="channels">Channels to take from an MLImage: 1 or 3.</param>
    /// <param name="getter">Getter of the column's values.</param>
    /// <param name="size">Gives the size of each image, where the column's type does not.</param>
    public static ImageReader Create(
        IExceptionContext context, DataViewSchema.Column column, int channels, Delegate getter, Func<ImageSize>? size = null) => getter switch
    {
        ValueGetter<VBuffer<byte>> bytes => new VectorImageReader<byte>(context, column, bytes, size),
        ValueGetter<VBuffer<ushort>> integers => new VectorImageReader<ushort>(context, column, integers, size),
        ValueGetter<VBuffer<float>> floats => new VectorImageReader<float>(context, column, floats, size),
        _ => new MLImageReader(context, column, channels, (ValueGetter<MLImage?>)getter),
    };

    /// <summary>Makes a reader for the column of a row.</summary>
    /// <param name="context">Marks the errors.</param>
    /// <param name="column">The column.</param>
    /// <param name="channels">Channels to take from an MLImage: 1 or 3.</param>
    /// <param name="row">The row.</param>
    /// <param name="size">The column that tells the size of each image, where the column's type does not.</param>
    public static ImageReader Create(
        IExceptionContext context, DataViewSchema.Column column, int channels, DataViewRow row, DataViewSchema.Column? size = null) =>
        Create(context, column, channels, Getters.OfPixels(row, column), size is { } known ? SizeColumn.Getter(row, known) : null);

    /// <summary>The image of the current row, valid until the next call.</summary>
    /// <param name="row">Position of the row, for errors.</param>
    /// <exception cref="InvalidOperationException">There is no image, or a value is not a finite number.</exception>
    public abstract ImagePixels Read(long row);

    /// <summary>Writes the image of the current row as a model sees it.</summary>
    /// <param name="row">Position of the row, for errors.</param>
    /// <param name="model">What the model takes.</param>
    /// <param name="room">Gives room for C·H·W values of the image's shape.</param>
    /// <exception cref="InvalidOperationException">There is no image, or it cannot be brought to that size or scale.</exception>
    public void Read(long row, ImageFormat model, RoomFor room)
    {
        var image = Fit(row, Read(row), model, "the model was trained on");
        var destination = room(image.Shape);
        if (model.Intensities is { } scale)
        {
            scale.ToInput(image.Type, Source, image.Bytes, destination);
        }
        else
        {
            image.CopyTo(destination);
        }
    }

    /// <summary>Brings an image to what a model takes.</summary>
    /// <param name="row">Position of the row, for errors.</param>
    /// <param name="image">The image of the row.</param>
    /// <param name="model">What the model takes.</param>
    /// <param name="reason">Where that comes from, for errors.</param>
    /// <exception cref="InvalidOperationException">It cannot be brought to that size or scale.</exception>
    public ImagePixels Fit(long row, ImagePixels image, ImageFormat model, string reason)
    {
        if (!model.Takes(image.Shape))
        {
            throw ColumnErrors.InRow(
                Context, Column, row,
                $"the image is {image.Shape.Size} pixels, but {reason} {(model.Preprocessing.Crop is null ? "" : "crops of ")}{model.Shape.Size}",
                ImageColumn.ResizeRemedy(model.Shape));
        }

        var fitted = model.Preprocessing.Apply(image);
        RequireScale(row, fitted, model);
        return fitted;
    }

    private void RequireScale(long row, ImagePixels image, ImageFormat model)
    {
        if (model.Intensities is null)
        {
            return;
        }

        var range = image.RangeOf(Source);
        if (IntensityCheck.OfImage(model, Source, range) is { } fault)
        {
            throw ColumnErrors.InRow(Context, Column, row, fault.Problem, fault.Remedy);
        }

        if (!_hasWarned && IntensityCheck.Doubt(model, Source, range) is { } doubt && Context is IChannelProvider log)
        {
            _hasWarned = true;
            using var channel = log.Start("Intensities");
            channel.Warning(MessageSensitivity.None, "{0}", $"Column '{Column}', row {row}: {doubt}");
        }
    }
}
