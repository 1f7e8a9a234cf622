using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Columns;

/// <summary>Reads 8-bit images; alpha is ignored.</summary>
/// <param name="context">Marks the errors.</param>
/// <param name="column">The column.</param>
/// <param name="channels">3 for red, green and blue, 1 for the luminance.</param>
/// <param name="getter">Getter of the images.</param>
internal sealed class MLImageReader(IExceptionContext context, DataViewSchema.Column column, int channels, ValueGetter<MLImage?> getter)
    : ImageReader(context, column)
{
    // The getter disposes the image that it gave for the row before, so it gets the same variable each time and nothing else disposes it.
    private MLImage? _image;
    private byte[] _values = [];

    public override ImagePixels Read(long row)
    {
        getter(ref _image);
        if (_image is null)
        {
            throw ColumnErrors.InRow(Context, Column, row, "there is no image", "leave out the rows that have none");
        }

        var shape = new ImageShape(channels, _image.Height, _image.Width);
        if (_values.Length != shape.Length)
        {
            _values = new byte[shape.Length];
        }

        Copy(row, _image, shape.PixelCount);
        return new ImagePixels(shape, _values);
    }

    private void Copy(long row, MLImage image, int count)
    {
        var (red, blue) = image.PixelFormat switch
        {
            MLPixelFormat.Bgra32 => (2, 0),
            MLPixelFormat.Rgba32 => (0, 2),
            var format => throw ColumnErrors.InRow(
                Context, Column, row, $"the pixel format is {format}", "convert the image to Bgra32 or Rgba32"),
        };
        var pixels = image.Pixels;
        for (var i = 0; i < count; i++)
        {
            var pixel = pixels.Slice(4 * i, 4);
            if (channels == 1)
            {
                // ITU-R BT.601 in whole numbers: gray pixels keep their value exactly.
                _values[i] = (byte)((299 * pixel[red] + 587 * pixel[1] + 114 * pixel[blue] + 500) / 1000);
                continue;
            }

            _values[i] = pixel[red];
            _values[count + i] = pixel[1];
            _values[2 * count + i] = pixel[blue];
        }
    }
}
