using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Columns;

/// <summary>Reads images from dense or sparse vectors.</summary>
/// <typeparam name="T">Type of the values: <see cref="byte"/>, <see cref="ushort"/> or <see cref="float"/>.</typeparam>
/// <param name="context">Marks the errors.</param>
/// <param name="column">The column, whose type tells the shape.</param>
/// <param name="getter">Getter of the vectors.</param>
internal sealed class VectorImageReader<T>(IExceptionContext context, DataViewSchema.Column column, ValueGetter<VBuffer<T>> getter)
    : ImageReader(context, column)
{
    private readonly ImageShape _shape = ImageColumn.VectorShape(column.Type)!.Value;
    private readonly VectorValues<T> _vectors = new(getter);

    public override ImagePixels Read(long row)
    {
        var values = _vectors.Read();
        if (values.Length != _shape.Length)
        {
            throw ColumnErrors.InRow(
                Context, Column, row, $"the vector has {values.Length} values, but the column's type says {_shape} = {_shape.Length}",
                "give vectors of the column's size");
        }

        var image = new ImagePixels(_shape, (Array)values);
        var invalid = image.FindFloat(value => !float.IsFinite(value));
        return invalid < 0
            ? image
            : throw ColumnErrors.InRow(
                Context, Column, row, $"pixel value {invalid} is {FormattableString.Invariant($"{values[invalid]}")}",
                "replace values that are not finite numbers before this transform");
    }
}
