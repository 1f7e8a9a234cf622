using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Columns;

/// <summary>Reads images from dense or sparse vectors, values as they are.</summary>
/// <param name="context">Marks the errors.</param>
/// <param name="column">Name of the column.</param>
/// <param name="shape">Shape that the column's type tells.</param>
/// <param name="getter">Getter of the vectors.</param>
internal sealed class VectorImageReader(IExceptionContext context, string column, ImageShape shape, ValueGetter<VBuffer<float>> getter)
    : ImageReader(context, column)
{
    private VBuffer<float> _vector;

    public override ImageShape Fetch(long row)
    {
        getter(ref _vector);
        return _vector.Length == shape.Length
            ? shape
            : throw ColumnErrors.InRow(
                Context, Column, row, $"the vector has {_vector.Length} values, but the column's type says {shape} = {shape.Length}",
                "give vectors of the column's size");
    }

    public override void CopyTo(long row, Span<float> destination)
    {
        VectorValues.CopyTo(_vector, destination);
        for (var i = 0; i < destination.Length; i++)
        {
            if (!float.IsFinite(destination[i]))
            {
                throw ColumnErrors.InRow(
                    Context, Column, row, $"pixel value {i} is {FormattableString.Invariant($"{destination[i]}")}",
                    "replace values that are not finite numbers before this transform");
            }
        }
    }
}
