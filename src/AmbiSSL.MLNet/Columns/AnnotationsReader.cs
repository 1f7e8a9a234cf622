using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Columns;

/// <summary>Reads the masks of a column, one row after another.</summary>
/// <param name="context">Marks the errors.</param>
/// <param name="column">Name of the column.</param>
/// <param name="getter">Getter of the vectors.</param>
internal sealed class AnnotationsReader(IExceptionContext context, string column, ValueGetter<VBuffer<byte>> getter)
{
    private readonly VectorValues<byte> _vectors = new(getter);

    /// <summary>The masks of the current row; none when the image is unlabeled. They are valid until the next call.</summary>
    /// <param name="row">Position of the row, for errors.</param>
    /// <param name="size">Size of the row's image.</param>
    /// <exception cref="InvalidOperationException">The values are not a whole number of masks.</exception>
    public MaskSet Read(long row, ImageSize size)
    {
        var values = _vectors.Read();
        return values.Length % size.PixelCount == 0
            ? new MaskSet(size, values)
            : throw ColumnErrors.InRow(
                context, column, row,
                $"{values.Length} values are no whole number of masks of {size} = {size.PixelCount} pixels",
                "give A·H·W values, one mask of the image's size after the other, or none when the image is unlabeled");
    }
}
