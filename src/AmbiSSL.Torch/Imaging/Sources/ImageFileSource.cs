using AmbiSSL.Torch.Imaging;

namespace AmbiSSL;

/// <summary>A data set whose images and masks are files of their own.</summary>
public abstract class ImageFileSource : ImageSource
{
    private readonly ReadingOptions _reading;

    private protected ImageFileSource(
        string path, IReadOnlyList<ImageRecord> records, IReadOnlyList<LeftOutFile> leftOut, Preprocessing? preprocessing, ReadingOptions? reading)
    {
        preprocessing ??= Preprocessing.None;
        preprocessing.Validate();
        _reading = reading ?? new ReadingOptions();
        _reading.Validate();
        if (records.Count == 0)
        {
            throw new InvalidDataException($"Data set '{path}' holds no images.{(leftOut.Count == 0 ? "" : " " + LeftOutFile.Summarize(leftOut))}");
        }

        Path = path;
        Records = records;
        LeftOut = leftOut;
        var (shape, type) = Stored(0);
        Format = ImageFormat.Of(preprocessing.Fit(records[0].ImagePath!, shape), type, preprocessing);
    }

    /// <summary>The folder of the data set.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public sealed override ImageFormat Format { get; }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<ImageRecord> Records { get; }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<LeftOutFile> LeftOut { get; }

    /// <inheritdoc/>
    public sealed override MaskClasses Classes => _reading.MaskClasses;

    /// <inheritdoc/>
    public sealed override bool MayIgnorePixels => _reading.ForegroundValues is { IsIgnoring: true };

    /// <summary>The folder, its number of images and their size.</summary>
    public override string ToString() => $"{Path}: {Count} images of {Shape}";

    /// <inheritdoc/>
    internal sealed override (ImageShape Shape, PixelType Type) Stored(int index)
    {
        var record = Records[index];
        var (shape, type) = Turned(record, record.ImagePath!);
        foreach (var file in record.Files.Skip(1))
        {
            var (other, otherType) = Turned(record, file);
            if (other.Size != shape.Size || otherType != type)
            {
                throw new InvalidDataException(
                    $"Channel '{file}' is {other.Size} pixels (height x width) of {otherType.InWords()}, but '{record.ImagePath}' is {shape.Size} of "
                    + $"{type.InWords()}; the channels of an image need one size and type.");
            }

            shape = shape with { Channels = shape.Channels + other.Channels };
        }

        return (shape, type);
    }

    /// <inheritdoc/>
    protected sealed override AnnotatedImage ReadImage(int index)
    {
        var record = Records[index];
        var pixels = record.ChannelPaths.Count == 0 ? ReadPixels(record) : ReadChannels(index);
        var size = Format.Preprocessing.Fit(record.ImagePath!, pixels.Shape).Size;
        var paths = record.MaskPaths;
        var masks = _reading.WithoutMasks ? new MaskSet(size, []) : ClassMasks.OfFiles(
            $"image '{record.Id}'", size, [.. paths.Select(path => ReadMask(record, path, pixels.Shape.Size))], record.Readers, _reading, paths);
        return new AnnotatedImage(record.Id, record.Subject, Format.Preprocessing.Apply(pixels), masks);
    }

    private ImagePixels ReadPixels(ImageRecord record)
    {
        var orientation = ExifOrientation.Upright;
        return ImageFile.ReadImage(record.ImagePath!, _reading, header =>
        {
            orientation = OrientationOf(record, header);
            RequireFormat(record.ImagePath!, ExifOrientation.Turn(header.Shape, orientation), header.Type, header);
        }).Turn(orientation);
    }

    private ImagePixels ReadChannels(int index)
    {
        var record = Records[index];
        var (shape, type) = Stored(index);
        RequireFormat(record.ImagePath!, shape, type);
        return ImagePixels.Stack([.. record.Files.Select(file =>
            ImageFile.ReadImage(file, _reading).Turn(OrientationOf(record, ImageFile.ReadHeader(file, _reading))))]);
    }

    private (ImageShape Shape, PixelType Type) Turned(ImageRecord record, string file)
    {
        var header = ImageFile.ReadHeader(file, _reading);
        return (ExifOrientation.Turn(header.Shape, OrientationOf(record, header)), header.Type);
    }

    private MaskSet ReadMask(ImageRecord record, string path, ImageSize imageSize) => Format.Preprocessing.Apply(MaskFile.Read(path, _reading, size =>
    {
        if (size != imageSize)
        {
            throw new InvalidDataException(
                $"Mask '{path}' is {size} pixels (height x width), but its image '{record.ImagePath}' is {imageSize}; "
                + "a mask must have the size of its image.");
        }
    }));

    private int OrientationOf(ImageRecord record, ImageHeader header) => ExifOrientation.Choose(
        record.ImagePath!,
        header,
        _reading.Orientation,
        record.MaskPaths.Count == 0 ? null : () => ($"'{record.MaskPaths[0]}'", ImageFile.ReadHeader(record.MaskPaths[0], _reading).Shape.Size));

    private void RequireFormat(string path, ImageShape turned, PixelType type, ImageHeader? header = null)
    {
        var shape = Format.Preprocessing.Fit(path, turned);
        if (!Shape.Includes(shape))
        {
            throw new InvalidDataException(
                $"Image '{path}' is {shape} (channels x height x width), but the first image '{Records[0].ImagePath}' is {Shape}; "
                + "all images of a data set need one size and number of channels. "
                + (header is null or { IsUpright: true }
                    ? ""
                    : $"It has the EXIF orientation {header.Orientation}, and is {header.Shape.Size} as it is stored. ")
                + $"Set {nameof(Preprocessing.Crop)} (--crop) or {nameof(Preprocessing.Resize)} (--size) for the size, "
                + $"or {nameof(Preprocessing.AnySize)} (--window) to see them through windows; "
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
