using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Imaging;
using SkiaSharp;

namespace AmbiSSL;

/// <summary>Images whose masks are in one file, as tools for outlining write it.</summary>
public abstract class OutlinedImages : ImageSource
{
    private readonly ReadingOptions _reading;
    private readonly ImageSize?[] _sizes;

    /// <param name="path">The file of outlines.</param>
    /// <param name="images">Each image and the size for which it was outlined; null where it was not.</param>
    /// <param name="preprocessing">Cropping or resizing; null for neither.</param>
    /// <param name="reading">How files are read; null for the default values.</param>
    private protected OutlinedImages(
        string path, IReadOnlyList<(ImageRecord Record, ImageSize? Size)> images, Preprocessing? preprocessing, ReadingOptions? reading)
    {
        preprocessing ??= Preprocessing.None;
        preprocessing.Validate();
        _reading = reading ?? new ReadingOptions();
        _reading.Validate();
        if (_reading.ForegroundValues is not null)
        {
            throw new InvalidDataException(
                $"'{path}' holds outlines, which have no values to be foreground or ignored; leave ForegroundValues (--foreground, --ignore-values) out.");
        }

        if (_reading.IsByNumber)
        {
            throw new InvalidDataException($"The masks of '{path}' have no numbers, but readers are asked for by number; the file names whoever drew them.");
        }

        if (images.Count == 0)
        {
            throw new InvalidDataException($"'{path}' names no images.");
        }

        if (images.GroupBy(image => image.Record.Id, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new InvalidDataException($"'{path}' names the image '{twice.Key}' twice.");
        }

        Path = path;
        Records = [.. images.Select(image => image.Record)];
        _sizes = [.. images.Select(image => image.Size)];
        var (shape, type) = Stored(0);
        Format = ImageFormat.Of(preprocessing.Fit(Records[0].ImagePath!, shape), type, preprocessing);
    }

    /// <summary>The file of outlines.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public sealed override ImageFormat Format { get; }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<ImageRecord> Records { get; }

    /// <inheritdoc/>
    public sealed override MaskClasses Classes => _reading.MaskClasses;

    /// <summary>The file, its number of images and their size.</summary>
    public override string ToString() => $"{Path}: {Count} images of {Shape}";

    /// <summary>Opens a file of outlines: a list is Label Studio's, an object is COCO's.</summary>
    internal static OutlinedImages Open(string path, Preprocessing? preprocessing, ReadingOptions? reading)
    {
        RegularFile.Require(path, "File of outlines");
        using var text = new StreamReader(path);
        while (char.IsWhiteSpace((char)text.Peek()))
        {
            text.Read();
        }

        return text.Peek() == '['
            ? LabelStudioImages.Open(path, preprocessing, reading)
            : CocoImages.Open(path, preprocessing, reading);
    }

    /// <summary>Whether a file may be one of outlines.</summary>
    internal static bool Recognizes(string path) => System.IO.Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    internal sealed override (ImageShape Shape, PixelType Type) Stored(int index)
    {
        var header = ImageFile.ReadHeader(Records[index].ImagePath!, _reading);
        return (ExifOrientation.Turn(header.Shape, OrientationOf(index, header)), header.Type);
    }

    /// <inheritdoc/>
    internal sealed override float OutlinesBeyond(int index) => _reading.WithoutMasks || _sizes[index] is not { } size
        ? 0
        : Polygons(index, size).Select(polygon => OutlineFill.Beyond(polygon, size)).DefaultIfEmpty().Max();

    /// <inheritdoc/>
    protected sealed override AnnotatedImage ReadImage(int index)
    {
        var record = Records[index];
        var orientation = ExifOrientation.Upright;
        var pixels = ImageFile.ReadImage(record.ImagePath!, _reading, header =>
        {
            orientation = OrientationOf(index, header);
            RequireFormat(index, ExifOrientation.Turn(header.Shape, orientation), header.Type);
        }).Turn(orientation);
        var size = pixels.Shape.Size;
        var planes = Enumerable.Range(0, record.Annotators.Count).SelectMany(mask => Enumerable.Range(0, Classes.Count).Select(number => (mask, number)));
        var masks = _reading.WithoutMasks ? new MaskSet(size, []) : ClassMasks.OfFiles(
            $"image '{record.Id}' in '{Path}'", size, [.. planes.Select(plane => Draw(index, size, plane.mask, plane.number))], record.Readers, _reading);
        return new AnnotatedImage(record.Id, record.Subject, Format.Preprocessing.Apply(pixels), Format.Preprocessing.Apply(masks));
    }

    /// <summary>Fills what is of a class in a mask of an image.</summary>
    /// <param name="index">Position of the image.</param>
    /// <param name="mask">Position of the mask in its record.</param>
    /// <param name="number">Position of the class.</param>
    /// <param name="size">Size of the mask.</param>
    /// <param name="values">Receives H·W values of 1 where something was outlined; they are 0.</param>
    private protected abstract void Fill(int index, int mask, int number, ImageSize size, Span<byte> values);

    /// <summary>The polygons that are read of an image, in pixels.</summary>
    /// <param name="index">Position of the image.</param>
    /// <param name="size">Its size.</param>
    private protected abstract IEnumerable<SKPoint[]> Polygons(int index, ImageSize size);

    private MaskSet Draw(int index, ImageSize size, int mask, int number)
    {
        var values = new byte[size.PixelCount];
        Fill(index, mask, number, size, values);
        return new MaskSet(size, values);
    }

    /// <summary>The names of what is read, of each class or of the one; empty where nothing is chosen.</summary>
    /// <exception cref="InvalidDataException">Classes have values.</exception>
    private protected static IReadOnlyList<string> Wanted(string path, ReadingOptions? reading) => reading?.LabelClasses is { } valued
        ? throw new InvalidDataException(
            $"'{path}' holds outlines, which have no values; name the classes of {nameof(ReadingOptions.Classes)} (--classes) as the "
            + $"file does and give them none: {string.Join(',', valued.Classes.Names)}.")
        : reading?.NamedClasses?.Classes.Names ?? (reading?.Category is { } only ? [only] : []);

    /// <summary>Finds an image beside the file of outlines, or in a folder <c>images</c> beside it.</summary>
    /// <param name="path">The file of outlines.</param>
    /// <param name="names">Names that it may have, the best first.</param>
    /// <exception cref="FileNotFoundException">There is none of them.</exception>
    private protected static string Find(string path, params string[] names)
    {
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        string[] places =
            [.. names.SelectMany(name => new[] { System.IO.Path.Combine(folder, name), System.IO.Path.Combine(folder, FolderListing.ImagesName, name) })];
        return Array.Find(places, File.Exists)
            ?? throw new FileNotFoundException($"'{path}' names the image '{names[0]}', but none of '{string.Join("', '", places)}' exists.", places[0]);
    }

    private int OrientationOf(int index, ImageHeader header) => ExifOrientation.Choose(
        Records[index].ImagePath!, header, _reading.Orientation, _sizes[index] is { } size ? () => ($"in '{Path}'", size) : null);

    private void RequireFormat(int index, ImageShape stored, PixelType type)
    {
        var path = Records[index].ImagePath!;
        if (_sizes[index] is { } outlined && outlined != stored.Size)
        {
            throw new InvalidDataException(
                $"Image '{path}' is {stored.Size} pixels (height x width), but its outlines in '{Path}' are for {outlined}.");
        }

        var shape = Format.Preprocessing.Fit(path, stored);
        if (!Shape.Includes(shape) || type != Format.Source)
        {
            throw new InvalidDataException(
                $"Image '{path}' is {shape} (channels x height x width) of {type.InWords()}, but the first image '{Records[0].ImagePath}' is {Shape} "
                + $"of {Format.Source.InWords()}; all images of a data set need one size, number of channels and number of bits.");
        }
    }
}
