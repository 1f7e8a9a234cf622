using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

namespace AmbiSSL.MLNet.Columns;

/// <summary>Reads the images of a column, one row after another, as [C, H, W] floats.</summary>
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
    public static ImageReader Create(IExceptionContext context, DataViewSchema.Column column, int channels, Delegate getter) =>
        column.Type is ImageDataViewType
            ? new MLImageReader(context, column.Name, channels, (ValueGetter<MLImage?>)getter)
            : new VectorImageReader(context, column.Name, ImageColumn.VectorShape(column.Type)!.Value, (ValueGetter<VBuffer<float>>)getter);

    /// <summary>Makes a reader for the column of a row.</summary>
    public static ImageReader Create(IExceptionContext context, DataViewSchema.Column column, int channels, DataViewRow row) =>
        Create(
            context,
            column,
            channels,
            column.Type is ImageDataViewType ? row.GetGetter<MLImage>(column) : row.GetGetter<VBuffer<float>>(column));

    /// <summary>Takes the image of the current row and tells its shape.</summary>
    /// <param name="row">Position of the row, for errors.</param>
    /// <exception cref="InvalidOperationException">There is no image.</exception>
    public abstract ImageShape Fetch(long row);

    /// <summary>Writes the image that was fetched last.</summary>
    /// <param name="row">Position of the row, for errors.</param>
    /// <param name="destination">Receives C·H·W values.</param>
    /// <exception cref="InvalidOperationException">A value is not a finite number.</exception>
    public abstract void CopyTo(long row, Span<float> destination);

    /// <summary>Reads the image of the current row, which must have a given shape.</summary>
    /// <param name="row">Position of the row, for errors.</param>
    /// <param name="expected">Shape of the image.</param>
    /// <param name="reason">Where the expected shape comes from, for errors.</param>
    /// <param name="destination">Receives C·H·W values.</param>
    /// <exception cref="InvalidOperationException">There is no image, it has another shape, or a value is not a finite number.</exception>
    public void Read(long row, ImageShape expected, string reason, Span<float> destination)
    {
        var shape = Fetch(row);
        if (shape != expected)
        {
            throw ColumnErrors.InRow(
                Context, Column, row,
                $"the image is {ImageColumn.Size(shape)} pixels, but {reason} {ImageColumn.Size(expected)}",
                ImageColumn.ResizeRemedy(expected));
        }

        CopyTo(row, destination);
    }
}
