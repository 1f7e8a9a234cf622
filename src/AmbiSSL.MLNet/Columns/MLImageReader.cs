using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Columns;

/// <summary>Reads 8-bit images as 0..1; alpha is ignored.</summary>
/// <param name="context">Marks the errors.</param>
/// <param name="column">Name of the column.</param>
/// <param name="channels">3 for red, green and blue, 1 for the luminance.</param>
/// <param name="getter">Getter of the images.</param>
internal sealed class MLImageReader(IExceptionContext context, string column, int channels, ValueGetter<MLImage?> getter)
    : ImageReader(context, column)
{
    // The getter disposes the image that it gave for the row before, so it gets the same variable each time and nothing else disposes it.
    private MLImage? _image;

    public override ImageShape Fetch(long row)
    {
        getter(ref _image);
        return _image is null
            ? throw ColumnErrors.InRow(Context, Column, row, "there is no image", "leave out the rows that have none")
            : new ImageShape(channels, _image.Height, _image.Width);
    }

    public override void CopyTo(long row, Span<float> destination)
    {
        var (red, blue) = _image!.PixelFormat switch
        {
            MLPixelFormat.Bgra32 => (2, 0),
            MLPixelFormat.Rgba32 => (0, 2),
            var format => throw ColumnErrors.InRow(
                Context, Column, row, $"the pixel format is {format}", "convert the image to Bgra32 or Rgba32"),
        };
        var pixels = _image.Pixels;
        var count = _image.Height * _image.Width;
        for (var i = 0; i < count; i++)
        {
            var pixel = pixels.Slice(4 * i, 4);
            if (channels == 1)
            {
                // ITU-R BT.601 in whole numbers: grey pixels keep their value exactly.
                destination[i] = (299 * pixel[red] + 587 * pixel[1] + 114 * pixel[blue] + 500) / 1000 / 255f;
                continue;
            }

            destination[i] = pixel[red] / 255f;
            destination[count + i] = pixel[1] / 255f;
            destination[2 * count + i] = pixel[blue] / 255f;
        }
    }
}
