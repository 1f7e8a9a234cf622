using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Columns;

/// <summary>Reads images from dense or sparse vectors.</summary>
/// <typeparam name="T">Type of the values: <see cref="byte"/>, <see cref="ushort"/> or <see cref="float"/>.</typeparam>
/// <param name="context">Marks the errors.</param>
/// <param name="column">The column, whose type tells the shape.</param>
/// <param name="getter">Getter of the vectors.</param>
/// <param name="size">Gives the size of each image, where the column's type does not.</param>
internal sealed class VectorImageReader<T>(
    IExceptionContext context, DataViewSchema.Column column, ValueGetter<VBuffer<T>> getter, Func<ImageSize>? size)
    : ImageReader(context, column)
{
    private readonly ImageShape _shape = ImageColumn.VectorShape(column.Type)!.Value;
    private readonly VectorValues<T> _vectors = new(getter);

    public override ImagePixels Read(long row)
    {
        var values = _vectors.Read();
        var shape = size is null ? _shape : _shape.WithSize(size());
        if (values.Length != shape.Length || shape.Height < 1)
        {
            throw ColumnErrors.InRow(
                Context, Column, row,
                $"the vector has {values.Length} values, but {(size is null ? "the column's type" : "its size")} says {shape} = {shape.Length}",
                size is null ? "give vectors of the column's size" : "give vectors of C·H·W values and the height and width of each");
        }

        var image = new ImagePixels(shape, (Array)values);
        var invalid = image.FindFloat(value => !float.IsFinite(value));
        return invalid < 0
            ? image
            : throw ColumnErrors.InRow(
                Context, Column, row, $"pixel value {invalid} is {FormattableString.Invariant($"{values[invalid]}")}",
                "replace values that are not finite numbers before this transform");
    }
}
