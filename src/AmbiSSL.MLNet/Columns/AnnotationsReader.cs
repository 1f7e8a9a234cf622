using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Columns;

/// <summary>Reads the masks of a column, one row after another, in [A, H, W] order.</summary>
/// <param name="context">Marks the errors.</param>
/// <param name="column">Name of the column.</param>
/// <param name="getter">Getter of the vectors.</param>
internal sealed class AnnotationsReader(IExceptionContext context, string column, ValueGetter<VBuffer<byte>> getter)
{
    private VBuffer<byte> _vector;
    private byte[] _dense = [];

    /// <summary>Reads the masks of the current row; none when the image is unlabeled. They are valid until the next call.</summary>
    /// <param name="row">Position of the row, for errors.</param>
    /// <param name="shape">Shape of the row's image.</param>
    /// <exception cref="InvalidOperationException">The values are not a whole number of masks.</exception>
    public ReadOnlySpan<byte> Read(long row, ImageShape shape)
    {
        getter(ref _vector);
        if (_vector.Length % shape.PixelCount != 0)
        {
            throw ColumnErrors.InRow(
                context, column, row,
                $"{_vector.Length} values are no whole number of masks of {ImageColumn.Size(shape)} = {shape.PixelCount} pixels",
                "give A·H·W values, one mask of the image's size after the other, or none when the image is unlabeled");
        }

        if (_vector.IsDense)
        {
            return _vector.GetValues();
        }

        if (_dense.Length < _vector.Length)
        {
            _dense = new byte[_vector.Length];
        }

        var masks = _dense.AsSpan(0, _vector.Length);
        VectorValues.CopyTo(_vector, masks);
        return masks;
    }
}
