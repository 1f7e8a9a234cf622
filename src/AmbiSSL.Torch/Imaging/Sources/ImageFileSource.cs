using AmbiSSL.Torch.Imaging;

namespace AmbiSSL;

/// <summary>A data set whose images and masks are files of their own.</summary>
public abstract class ImageFileSource : ImageSource
{
    private readonly ReadingOptions _reading;

    private protected ImageFileSource(
        string path, IReadOnlyList<ImageRecord> records, Preprocessing? preprocessing, ReadingOptions? reading)
    {
        preprocessing ??= Preprocessing.None;
        preprocessing.Validate();
        _reading = reading ?? new ReadingOptions();
        _reading.Validate();
        if (records.Count == 0)
        {
            throw new InvalidDataException($"Data set '{path}' holds no images.");
        }

        Path = path;
        Records = records;
        var (shape, type) = ImageFile.ReadHeader(records[0].ImagePath!, _reading);
        Format = new ImageFormat(preprocessing.Fit(records[0].ImagePath!, shape), type, preprocessing);
    }

    /// <summary>The folder of the data set.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public sealed override ImageFormat Format { get; }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<ImageRecord> Records { get; }

    /// <summary>The folder, its number of images and their size.</summary>
    public override string ToString() => $"{Path}: {Count} images of {Shape}";

    /// <inheritdoc/>
    internal sealed override (ImageShape Shape, PixelType Type) Stored(int index) => ImageFile.ReadHeader(Records[index].ImagePath!, _reading);

    /// <inheritdoc/>
    protected sealed override AnnotatedImage ReadImage(int index)
    {
        var record = Records[index];
        var pixels = ImageFile.ReadImage(record.ImagePath!, _reading, (shape, type) => RequireFormat(record.ImagePath!, shape, type));
        var masks = new byte[record.MaskPaths.Count * Shape.PixelCount];
        for (var mask = 0; mask < record.MaskPaths.Count; mask++)
        {
            ReadMask(record, mask, pixels.Shape.Size)[0].CopyTo(masks.AsSpan(mask * Shape.PixelCount));
        }

        return new AnnotatedImage(record.Id, record.Subject, Format.Preprocessing.Apply(pixels), new MaskSet(Shape.Size, masks, record.Readers));
    }

    private MaskSet ReadMask(ImageRecord record, int index, ImageSize imageSize)
    {
        var path = record.MaskPaths[index];
        return Format.Preprocessing.Apply(MaskFile.Read(path, _reading, size =>
        {
            if (size != imageSize)
            {
                throw new InvalidDataException(
                    $"Mask '{path}' is {size} pixels (height x width), but its image '{record.ImagePath}' is {imageSize}; "
                    + "a mask must have the size of its image.");
            }
        }));
    }

    private void RequireFormat(string path, ImageShape stored, PixelType type)
    {
        var shape = Format.Preprocessing.Fit(path, stored);
        if (shape != Shape)
        {
            throw new InvalidDataException(
                $"Image '{path}' is {shape} (channels x height x width), but the first image '{Records[0].ImagePath}' is {Shape}; "
                + "all images of a data set need one size and number of channels. "
                + $"Set {nameof(Preprocessing.Crop)} or {nameof(Preprocessing.Resize)} for the size; "
                + "convert the file for the channels.");
        }

        if (type != Format.Source)
        {
            throw new InvalidDataException(
                $"Image '{path}' holds {type.InWords()}, but the first image '{Records[0].ImagePath}' {Format.Source.InWords()}; "
                + "save all images of a data set with the same number of bits.");
        }
    }
}
