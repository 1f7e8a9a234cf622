using System.Globalization;
using System.Text.Json;
using AmbiSSL.Torch.Imaging;
using SkiaSharp;

namespace AmbiSSL;

/// <summary>
/// Images with a file of annotations in COCO's format, as tools for outlining write it: polygons, or run lengths as numbers or as text.
/// </summary>
/// <remarks>
/// Images are found by their <c>file_name</c> beside the file of annotations, or in a folder <c>images</c> beside it. An entry <c>annotator</c> of
/// an annotation, a name or a number, says who drew it: all of an annotator's annotations of an image are one mask. Where no annotation has one,
/// all annotations of an image are one mask, and nobody is known; annotations that cover the same lesion are refused then, since they may be by
/// several annotators. An image without annotations is unlabeled. Each image is its own subject, unless an entry <c>subject</c> of it names a
/// patient. One category is read, the only one or that of <see cref="ReadingOptions.Category"/>: whoever outlined an image and nothing of it has an empty
/// mask.
/// </remarks>
public sealed class CocoImages : OutlinedImages
{
    // Annotations that cover each other by so much outline the same object.
    private const double SameObject = 0.5;

    private readonly CocoFile.Annotation[][] _annotations;

    // Of each class; null for all of them, which are one.
    private readonly long?[] _categories;

    private CocoImages(
        string path,
        IReadOnlyList<(ImageRecord Record, ImageSize? Size)> images,
        CocoFile.Annotation[][] annotations,
        long?[] categories,
        Preprocessing? preprocessing,
        ReadingOptions? reading)
        : base(path, images, preprocessing, reading) => (_annotations, _categories) = (annotations, categories);

    /// <summary>Reads a file of annotations and finds its images; their pixels are read later, by <see cref="ImageSource.Read"/>.</summary>
    /// <param name="path">The file of annotations.</param>
    /// <param name="preprocessing">Cropping or resizing; null for neither.</param>
    /// <param name="reading">How files are read; null for the default values.</param>
    /// <exception cref="FileNotFoundException">There is no such file, or an image is missing.</exception>
    /// <exception cref="InvalidDataException">The file is none of annotations, or names what is not there or cannot be told apart.</exception>
    /// <exception cref="ArgumentException">Both a crop and a new size are given, or a number is out of its range.</exception>
    public static new CocoImages Open(string path, Preprocessing? preprocessing = null, ReadingOptions? reading = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = CocoFile.Read(path);
        RequireIds(path, file);
        RequireAllNamed(path, file);
        long?[] categories = reading is { WithoutMasks: true } ? [] : ChooseCategories(path, file, Wanted(path, reading));
        var ofImage = file.Annotations!.ToLookup(annotation => annotation.ImageId);
        var annotations = file.Images!.Select(image => ofImage[image.Id].ToArray()).ToArray();
        var images = file.Images!.Select((image, index) => (MakeRecord(path, image, annotations[index]), (ImageSize?)new ImageSize(image.Height, image.Width)));
        return new CocoImages(path, [.. images], annotations, categories, preprocessing, reading);
    }

    private protected override void Fill(int index, int mask, int number, ImageSize size, Span<byte> values)
    {
        var record = Records[index];
        var reader = record.Readers.ElementAtOrDefault(mask) ?? "";
        foreach (var annotation in _annotations[index].Where(annotation => Name(annotation) == reader && IsOf(annotation, _categories[number])))
        {
            Fill(record, annotation, size, values, isOnly: record.Readers.Count == 0);
        }
    }

    private protected override IEnumerable<SKPoint[]> Polygons(int index, ImageSize size) => _annotations[index]
        .Where(annotation => Array.Exists(_categories, category => IsOf(annotation, category)))
        .SelectMany(annotation => CocoOutline.Polygons(annotation.Segmentation));

    private static bool IsOf(CocoFile.Annotation annotation, long? category) => category is null || annotation.CategoryId == category;

    private static string Name(CocoFile.Annotation annotation) => Name(annotation.Annotator);

    private static string Name(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!.Trim(),
        JsonValueKind.Number => value.GetRawText(),
        _ => "",
    };

    private static bool IsNameOrNone(JsonElement value) =>
        value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.String or JsonValueKind.Number;

    private static ImageRecord MakeRecord(string path, CocoFile.Image image, CocoFile.Annotation[] annotations)
    {
        var id = System.IO.Path.ChangeExtension(image.FileName, null);
        string[] names = [.. annotations.Select(Name).Distinct(StringComparer.Ordinal)];
        return new ImageRecord
        {
            Id = id,
            Subject = Name(image.Subject) is { Length: > 0 } subject ? subject : id,
            ImagePath = Find(path, image.FileName),
            Annotators = [.. Enumerable.Range(1, names.Length)],
            Readers = names is [""] ? [] : ReaderNames.Order(names),
        };
    }

    private static void RequireIds(string path, CocoFile file)
    {
        if (file.Images!.GroupBy(image => image.Id).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new InvalidDataException($"Images '{twice.First().FileName}' and '{twice.Last().FileName}' of '{path}' have the same id {twice.Key}.");
        }

        var known = file.Images!.Select(image => image.Id).ToHashSet();
        if (file.Annotations!.FirstOrDefault(annotation => !known.Contains(annotation.ImageId)) is { } orphan)
        {
            throw new InvalidDataException($"Annotation {orphan.Id} of '{path}' belongs to the image {orphan.ImageId}, which is not there.");
        }

        var categories = file.Categories.Select(category => category.Id).ToHashSet();
        if (categories.Count > 0 && file.Annotations!.FirstOrDefault(annotation => !categories.Contains(annotation.CategoryId)) is { } stray)
        {
            var named = string.Join(", ", file.Categories.Select(category => $"{category.Id} ({category.Name})"));
            throw new InvalidDataException(
                $"Annotation {stray.Id} of '{path}' is of the category {stray.CategoryId}, which is not among its categories: {named}. Give it one of them, or "
                + $"add {stray.CategoryId} with its name.");
        }
    }

    private static void RequireAllNamed(string path, CocoFile file)
    {
        if (file.Images!.FirstOrDefault(image => !IsNameOrNone(image.Subject)) is { } other)
        {
            throw new InvalidDataException(
                $"Image '{other.FileName}' of '{path}' has the \"subject\" {other.Subject.GetRawText()}, which is neither a name nor a number; name the "
                    + "patient.");
        }

        if (file.Annotations!.FirstOrDefault(annotation => !IsNameOrNone(annotation.Annotator)) is { } unnamed)
        {
            throw new InvalidDataException(
                $"Annotation {unnamed.Id} of '{path}' has the \"annotator\" {unnamed.Annotator.GetRawText()}, which is neither a name nor a number; name "
                    + "whoever drew it.");
        }

        var named = file.Annotations!.ToLookup(annotation => !string.IsNullOrWhiteSpace(Name(annotation)));
        if (named.Count > 1)
        {
            throw new InvalidDataException(
                $"Annotation {named[true].First().Id} of '{path}' has an \"annotator\", and {named[false].First().Id} has none; name the annotator of all, or "
                + "of none.");
        }
    }

    /// <summary>The categories that are read; null for all of them, which are one.</summary>
    private static long?[] ChooseCategories(string path, CocoFile file, IReadOnlyList<string> wanted)
    {
        long[] used = [.. file.Annotations!.Select(annotation => annotation.CategoryId).Distinct()];
        var names = used.ToLookup(id => file.Categories.FirstOrDefault(category => category.Id == id)?.Name ?? id.ToString(CultureInfo.InvariantCulture));
        var all = string.Join(", ", names.Select(name => name.Key));
        if (wanted.Count == 0)
        {
            return used.Length <= 1
                ? [null]
                : throw new InvalidDataException(
                    $"The annotations of '{path}' are of several categories: {all}. Name the foreground with "
                    + $"{nameof(ReadingOptions.Category)} (--category), or classes with {nameof(ReadingOptions.Classes)} (--classes).");
        }

        return [.. wanted.Select(name => (long?)(names[name].ToArray() switch
        {
            [var only] => only,
            [] => throw new InvalidDataException($"No annotation of '{path}' is of the category '{name}'; there are {all}."),
            var several => throw new InvalidDataException($"Categories {string.Join(" and ", several)} of '{path}' are both named '{name}'; rename one."),
        }))];
    }

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
}
