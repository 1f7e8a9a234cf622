using AmbiSSL.Torch.Imaging;

namespace AmbiSSL;

/// <summary>A data set whose images and masks are files of their own.</summary>
public abstract class ImageFileSource : ImageSource
{
    private readonly ImageFit _fit;

    private protected ImageFileSource(string path, IReadOnlyList<ImageRecord> records, ImageReadOptions? options)
    {
        _fit = new ImageFit(options);
        if (records.Count == 0)
        {
            throw new InvalidDataException($"Data set '{path}' holds no images.");
        }

        Path = path;
        Records = records;
        var firstPath = records[0].ImagePath!;
        Shape = _fit.Shape(firstPath, ImageFile.ReadShape(firstPath));
    }

    /// <summary>The folder of the data set.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public sealed override ImageShape Shape { get; }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<ImageRecord> Records { get; }

    /// <summary>The folder, its number of images and their size.</summary>
    public override string ToString() => $"{Path}: {Count} images of {Shape}";

    /// <inheritdoc/>
    protected sealed override AnnotatedImage ReadImage(int index)
    {
        var record = Records[index];
        var (shape, pixels) = ImageFile.ReadImage(record.ImagePath!);
        CheckShape(record.ImagePath!, _fit.Shape(record.ImagePath!, shape));
        var size = new ImageSize(shape.Height, shape.Width);
        var annotations = new byte[record.MaskPaths.Count * Shape.PixelCount];
        for (var mask = 0; mask < record.MaskPaths.Count; mask++)
        {
            ReadMask(record, mask, size).CopyTo(annotations, mask * Shape.PixelCount);
        }

        return new AnnotatedImage(record.Id, record.Subject, Shape, _fit.Pixels(pixels, size), annotations);
    }

    private byte[] ReadMask(ImageRecord record, int index, ImageSize imageSize)
    {
        var path = record.MaskPaths[index];
        var (size, mask) = ImageFile.ReadMask(path);
        if (size != imageSize)
        {
            throw new InvalidDataException(
                $"Mask '{path}' is {size} pixels (height x width), but its image '{record.ImagePath}' is {imageSize}; "
                + "a mask must have the size of its image.");
        }

        return _fit.Masks(mask, size);
    }

    private void CheckShape(string path, ImageShape shape)
    {
        if (shape != Shape)
        {
            throw new InvalidDataException(
                $"Image '{path}' is {shape} (channels x height x width), but the first image '{Records[0].ImagePath}' is {Shape}; "
                + "all images of a data set need one size and number of channels. "
                + $"Set {nameof(ImageReadOptions.Crop)} or {nameof(ImageReadOptions.Resize)} for the size; "
                + "convert the file for the channels.");
        }
    }
}
