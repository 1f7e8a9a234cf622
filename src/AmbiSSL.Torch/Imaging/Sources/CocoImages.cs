using System.Globalization;
using System.Text.Json;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Imaging;

namespace AmbiSSL;

/// <summary>
/// Images with a file of annotations in COCO's format, as tools for outlining write it: polygons, or run lengths as numbers or as text.
/// </summary>
/// <remarks>
/// Images are found by their <c>file_name</c> beside the file of annotations, or in a folder <c>images</c> beside it. An entry <c>annotator</c> of
/// an annotation, a name or a number, says who drew it: all of an annotator's annotations of an image are one mask. Where no annotation has one,
/// all annotations of an image are one mask, and nobody is known; annotations that cover the same lesion are refused then, since they may be by
/// several annotators. An image without annotations is unlabeled. Each image is its own subject, unless an entry <c>subject</c> of it names a
/// patient. One category alone can be read.
/// </remarks>
public sealed class CocoImages : ImageSource
{
    // Annotations that cover each other by so much outline the same object.
    private const double SameObject = 0.5;

    private readonly ReadingOptions _reading;
    private readonly CocoFile.Image[] _images;
    private readonly ILookup<long, CocoFile.Annotation> _annotations;

    private CocoImages(string path, CocoFile file, Preprocessing? preprocessing, ReadingOptions? reading)
    {
        preprocessing ??= Preprocessing.None;
        preprocessing.Validate();
        _reading = reading ?? new ReadingOptions();
        _reading.Validate();
        Path = path;
        _images = [.. file.Images!];
        _annotations = file.Annotations!.ToLookup(annotation => annotation.ImageId);
        RequireImages(file);
        RequireOneCategory(file);
        Records = Array.ConvertAll(_images, MakeRecord);
        var (shape, type) = Stored(0);
        Format = new ImageFormat(preprocessing.Fit(Records[0].ImagePath!, shape), type, preprocessing);
    }

    /// <inheritdoc/>
    public override ImageFormat Format { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<ImageRecord> Records { get; }

    /// <summary>The file of annotations.</summary>
    public string Path { get; }

    /// <summary>Reads a file of annotations and finds its images; their pixels are read later, by <see cref="ImageSource.Read"/>.</summary>
    /// <param name="path">The file of annotations.</param>
    /// <param name="preprocessing">Cropping or resizing; null for neither.</param>
    /// <param name="reading">How files are read; null for the default values.</param>
    /// <exception cref="FileNotFoundException">There is no such file, or an image is missing.</exception>
    /// <exception cref="InvalidDataException">The file is none of annotations, or names what is not there or cannot be told apart.</exception>
    /// <exception cref="ArgumentException">Both a crop and a new size are given, or a number is out of its range.</exception>
    public static CocoImages Open(string path, Preprocessing? preprocessing = null, ReadingOptions? reading = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        RegularFile.Require(path, "File of annotations");
        return reading is { IsByNumber: true }
            ? throw new InvalidDataException(
                $"The masks of '{path}' have no numbers, but readers are asked for by number; name them in an entry \"annotator\" of each annotation.")
            : new CocoImages(path, CocoFile.Read(path), preprocessing, reading);
    }

    /// <summary>The file, its number of images and their size.</summary>
    public override string ToString() => $"{Path}: {Count} images of {Shape}";

    /// <summary>Whether a file may be one of annotations.</summary>
    internal static bool Recognizes(string path) => System.IO.Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    internal override (ImageShape Shape, PixelType Type) Stored(int index) => ImageFile.ReadHeader(Records[index].ImagePath!, _reading);

    /// <inheritdoc/>
    protected override AnnotatedImage ReadImage(int index)
    {
        var (record, image) = (Records[index], _images[index]);
        var pixels = ImageFile.ReadImage(record.ImagePath!, _reading, (shape, type) => RequireFormat(record, image, shape, type));
        var size = pixels.Shape.Size;
        var names = record.Readers.Count == 0 ? [""] : record.Readers;
        var masks = new byte[record.Annotators.Count * size.PixelCount];
        for (var mask = 0; mask < record.Annotators.Count; mask++)
        {
            var own = masks.AsSpan(mask * size.PixelCount, size.PixelCount);
            foreach (var annotation in _annotations[image.Id].Where(annotation => Name(annotation) == names[mask]))
            {
                Fill(record, annotation, size, own, isOnly: record.Readers.Count == 0);
            }
        }

        return new AnnotatedImage(
            record.Id, record.Subject, Format.Preprocessing.Apply(pixels), Format.Preprocessing.Apply(new MaskSet(size, masks, record.Readers)));
    }

    private static string Name(CocoFile.Annotation annotation) => annotation.Annotator.ValueKind switch
    {
        JsonValueKind.String => annotation.Annotator.GetString()!,
        JsonValueKind.Number => annotation.Annotator.GetRawText(),
        _ => "",
    };

    /// <summary>Adds an annotation to a mask of others.</summary>
    /// <param name="record">The image.</param>
    /// <param name="annotation">The annotation.</param>
    /// <param name="size">Size of the mask.</param>
    /// <param name="mask">The mask.</param>
    /// <param name="isOnly">Whether nobody is known, so that annotations of one object may be by several annotators.</param>
    private void Fill(ImageRecord record, CocoFile.Annotation annotation, ImageSize size, Span<byte> mask, bool isOnly)
    {
        var own = new byte[size.PixelCount];
        try
        {
            CocoOutline.Fill(annotation.Segmentation, size, own);
        }
        catch (FormatException exception)
        {
            throw new InvalidDataException(
                string.Create(CultureInfo.InvariantCulture, $"Annotation {annotation.Id} of image '{record.Id}' in '{Path}' {exception.Message}."), exception);
        }

        var (area, covered) = (0, 0);
        for (var pixel = 0; pixel < own.Length; pixel++)
        {
            area += own[pixel];
            covered += own[pixel] & mask[pixel];
            mask[pixel] |= own[pixel];
        }

        if (isOnly && covered > SameObject * area)
        {
            throw new InvalidDataException(
                string.Create(CultureInfo.InvariantCulture, $"Annotation {annotation.Id} of image '{record.Id}' in '{Path}' covers what others have outlined ")
                + "already, as when several annotators outline one lesion; say who drew each in an entry \"annotator\".");
        }
    }

    private ImageRecord MakeRecord(CocoFile.Image image)
    {
        var id = System.IO.Path.ChangeExtension(image.FileName, null);
        string[] names = [.. _annotations[image.Id].Select(Name).Distinct(StringComparer.Ordinal)];
        string[] readers = names is [] or [""] ? [] : ReaderNames.Order(names);
        return new ImageRecord
        {
            Id = id,
            Subject = string.IsNullOrEmpty(image.Subject) ? id : image.Subject,
            ImagePath = Find(image.FileName),
            Annotators = [.. Enumerable.Range(1, names.Length)],
            Readers = readers,
        };
    }

    private string Find(string fileName)
    {
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;
        string[] places = [System.IO.Path.Combine(folder, fileName), System.IO.Path.Combine(folder, ImageFolder.ImagesName, fileName)];
        return Array.Find(places, File.Exists)
            ?? throw new FileNotFoundException($"'{Path}' names the image '{fileName}', but neither '{places[0]}' nor '{places[1]}' exists.", places[0]);
    }

    private void RequireImages(CocoFile file)
    {
        if (_images.Length == 0)
        {
            throw new InvalidDataException($"'{Path}' names no images.");
        }

        if (_images.GroupBy(image => image.Id).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new InvalidDataException($"Images '{twice.First().FileName}' and '{twice.Last().FileName}' of '{Path}' have the same id {twice.Key}.");
        }

        if (_images.GroupBy(image => image.FileName, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } same)
        {
            throw new InvalidDataException($"'{Path}' names the image '{same.Key}' twice.");
        }

        var known = _images.Select(image => image.Id).ToHashSet();
        if (file.Annotations!.FirstOrDefault(annotation => !known.Contains(annotation.ImageId)) is { } orphan)
        {
            throw new InvalidDataException($"Annotation {orphan.Id} of '{Path}' belongs to the image {orphan.ImageId}, which is not there.");
        }

        var unnamed = file.Annotations!.FirstOrDefault(annotation => Name(annotation).Trim().Length == 0);
        var named = file.Annotations!.FirstOrDefault(annotation => Name(annotation).Trim().Length > 0);
        if (unnamed is not null && named is not null)
        {
            throw new InvalidDataException(
                $"Annotation {named.Id} of '{Path}' has an \"annotator\", and {unnamed.Id} has none; name the annotator of all, or of none.");
        }
    }

    private void RequireOneCategory(CocoFile file)
    {
        long[] used = [.. file.Annotations!.Select(annotation => annotation.CategoryId).Distinct()];
        if (used.Length > 1)
        {
            var names = used.Select(id => file.Categories.FirstOrDefault(category => category.Id == id)?.Name ?? id.ToString(CultureInfo.InvariantCulture));
            throw new InvalidDataException(
                $"The annotations of '{Path}' are of several categories: {string.Join(", ", names)}. Which is foreground cannot be told; write a file of one.");
        }
    }

    private void RequireFormat(ImageRecord record, CocoFile.Image image, ImageShape stored, PixelType type)
    {
        if (stored.Size != new ImageSize(image.Height, image.Width))
        {
            throw new InvalidDataException(
                $"Image '{record.ImagePath}' is {stored.Size} pixels (height x width), but its annotations in '{Path}' are for "
                + $"{new ImageSize(image.Height, image.Width)}.");
        }

        var shape = Format.Preprocessing.Fit(record.ImagePath!, stored);
        if (shape != Shape || type != Format.Source)
        {
            throw new InvalidDataException(
                $"Image '{record.ImagePath}' is {shape} (channels x height x width) of {type.InWords()}, but the first image '{Records[0].ImagePath}' is {Shape} "
                + $"of {Format.Source.InWords()}; all images of a data set need one size, number of channels and number of bits.");
        }
    }
}
