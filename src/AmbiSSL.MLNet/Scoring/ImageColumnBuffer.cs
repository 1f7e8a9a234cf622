using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Scoring;

/// <summary>
/// Buffer of images. Who gives an image disposes it at the next request, so what is read ahead must be copied, and what is handed on is a
/// copy of the copy: some stock transforms dispose it before they ask for the same row again.
/// </summary>
/// <param name="source">Getter of the column.</param>
/// <param name="capacity">Number of slots.</param>
internal sealed class ImageColumnBuffer(ValueGetter<MLImage?> source, int capacity) : ColumnBuffer
{
    private readonly MLImage?[] _images = new MLImage?[capacity];
    private MLImage? _sourceImage;

    public override void Read(int slot)
    {
        source(ref _sourceImage);
        _images[slot]?.Dispose();
        _images[slot] = Copy(_sourceImage);
    }

    public override Delegate CreateGetter(Func<int> currentSlot) =>
        (ValueGetter<MLImage?>)((ref MLImage? value) =>
        {
            var slot = currentSlot();
            value?.Dispose();
            value = Copy(_images[slot]);
        });

    public override void Dispose()
    {
        foreach (var image in _images)
        {
            image?.Dispose();
        }
    }

    private static MLImage? Copy(MLImage? image)
    {
        if (image is null)
        {
            return null;
        }

        var copy = MLImage.CreateFromPixels(image.Width, image.Height, image.PixelFormat, image.Pixels);
        copy.Tag = image.Tag;
        return copy;
    }
}
