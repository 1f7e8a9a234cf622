using System.Globalization;
using PureHDF;

namespace AmbiSSL.Torch.Imaging;

/// <summary>What an HDF5 file holds: the images of all its parts, which have one format and as many masks each.</summary>
internal sealed class HdfListing
{
    private const int MostChannelsLast = 4;

    private readonly HdfContents _contents;
    private readonly ReadingOptions _reading;

    /// <summary>Reads it.</summary>
    /// <param name="contents">The open file.</param>
    /// <param name="reading">How it is read.</param>
    /// <exception cref="InvalidDataException">A dataset is missing, or one has another shape or type than it needs.</exception>
    public HdfListing(HdfContents contents, ReadingOptions reading)
    {
        (_contents, _reading) = (contents, reading);
        Parts = HdfPart.Find(contents, reading);
        (Shape, Type) = ReadImageFormat();
        Annotators = CountAnnotators();
        Records = [.. Parts.SelectMany(MakeRecords)];
        LeftOut = FindLeftOut();
    }

    /// <summary>The datasets of images, and their masks.</summary>
    public HdfPart[] Parts { get; }

    /// <summary>Size of every image.</summary>
    public ImageShape Shape { get; }

    /// <summary>Type of the pixels.</summary>
    public PixelType Type { get; }

    /// <summary>Masks of each image; 0 where there are none.</summary>
    public int Annotators { get; }

    /// <summary>The images.</summary>
    public ImageRecord[] Records { get; }

    /// <summary>The datasets that are not read.</summary>
    public LeftOutFile[] LeftOut { get; }

    private (ImageShape Shape, PixelType Type) ReadImageFormat()
    {
        (ImageShape Shape, PixelType Type)? first = null;
        foreach (var part in Parts)
        {
            var dataset = _contents.Require(part.Images);
            var dimensions = dataset.Space.Dimensions;
            if (dimensions is [var count, > MostChannelsLast and var height, var width, <= MostChannelsLast and var channels])
            {
                throw _contents.Fault(
                    $"Dataset '{part.Images}' of '{_contents.Path}' has the shape {HdfContents.Shape(dataset)}, "
                    + $"{height} channels of {width}x{channels} pixels, as if its channels were last; write it as [{count}, {channels}, {height}, {width}]");
            }

            _reading.RequireSize($"An image of dataset '{part.Images}' of '{_contents.Path}'", (long)dimensions[^2], (long)dimensions[^1]);
            RequireArray(part.Images, dimensions);
            var shape = new ImageShape(dimensions.Length == 4 ? (int)dimensions[1] : 1, (int)dimensions[^2], (int)dimensions[^1]);
            var format = (Shape: shape, _contents.ReadPixels(part.Images, shape, 0).Type);
            if (format != (first ??= format))
            {
                throw new InvalidDataException(
                    $"Dataset '{part.Images}' of '{_contents.Path}' has images of {shape} in {format.Type.InWords()}, and '{Parts[0].Images}' of "
                    + $"{first.Value.Shape} in {first.Value.Type.InWords()}; all images need one size and type.");
            }
        }

        return first!.Value;
    }

    private int CountAnnotators()
    {
        int[] counts = [.. Parts.Select(part => part.Masks is null || _reading.WithoutMasks ? 0 : CountAnnotators(part))];
        var other = Array.FindIndex(counts, count => count != counts[0]);
        return other < 0
            ? counts[0]
            : throw new InvalidDataException(
                $"Dataset '{Parts[other].Masks}' of '{_contents.Path}' has {counts[other]} masks of an image, and '{Parts[0].Masks}' has {counts[0]}; give all "
                + "the same number.");
    }

    private int CountAnnotators(HdfPart part)
    {
        if (part.IsLidc && _reading.Classes is not null)
        {
            throw new InvalidDataException(
                $"'{_contents.Path}' is a public file of LIDC, whose masks are of nodules alone; leave {nameof(ReadingOptions.Classes)} (--classes) out.");
        }

        var dataset = _contents.Require(part.Masks!);
        var dimensions = dataset.Space.Dimensions;
        var named = _reading.NamedClasses?.Classes;
        if (named is not null && (dimensions.Length != 5 || dimensions[2] != (ulong)named.Count))
        {
            throw _contents.Fault(
                $"Dataset '{part.Masks}' of '{_contents.Path}' has the shape {HdfContents.Shape(dataset)}; "
                + $"with its images '{part.Images}' and the classes {named} it must be [{part.Count}, A, {named.Count}, {Shape.Height}, {Shape.Width}]. Where "
                + "it holds numbers of classes, say them, such as core=1,rim=2");
        }

        var isLast = dimensions.Length == 4 && part.AreMasksLast(dimensions, Shape);
        if ((named is null && dimensions.Length is not (3 or 4))
            || dimensions.Any(dimension => dimension > int.MaxValue)
            || dimensions[0] != (ulong)part.Count
            || !HdfPart.AreMasksFirst(isLast ? dimensions[..3] : dimensions, Shape))
        {
            throw _contents.Fault(
                $"Dataset '{part.Masks}' of '{_contents.Path}' has the shape {HdfContents.Shape(dataset)}; with its images '{part.Images}' it must be "
                + $"{(part.IsLidc ? "" : $"[{part.Count}, A, {Shape.Height}, {Shape.Width}] or ")}[{part.Count}, {Shape.Height}, {Shape.Width}, A]"
                + (named is null && dimensions.Length == 5 ? ". Where it has an axis of classes, name them, such as core,rim, with Classes (--classes)" : ""));
        }

        RequireArray(part.Masks!, dimensions);
        if (dataset.Type is not { Class: H5DataTypeClass.FixedPoint or H5DataTypeClass.Enumerated, Size: 1 })
        {
            throw new InvalidDataException(
                $"Dataset '{part.Masks}' of '{_contents.Path}' holds values of the type {HdfContents.Type(dataset)}; give bytes or booleans.");
        }

        return dimensions.Length == 3 ? 1 : (int)dimensions[isLast ? 3 : 1];
    }

    // Bytes of one image, or of all masks of one, as 64-bit numbers.
    private void RequireArray(string dataset, ulong[] dimensions)
    {
        var values = dimensions.Skip(1).Aggregate((Int128)1, (product, dimension) => product * dimension);
        if (values * sizeof(double) > Array.MaxLength)
        {
            throw new InvalidDataException(
                $"Dataset '{dataset}' of '{_contents.Path}' has the shape [{string.Join(", ", dimensions)}], {values} values for each image; "
                + $"at most {Array.MaxLength / sizeof(double)} are read.");
        }
    }

    private ImageRecord[] MakeRecords(HdfPart part)
    {
        var subjects = part.Subjects(_contents) is { } name
            ? _contents.Texts(name, shape => shape is [var length] && length == (ulong)part.Count, $"[{part.Count}]", mayBeNumbers: true)
            : null;
        var empty = Array.FindIndex(subjects ?? [], string.IsNullOrEmpty);
        return empty < 0
            ? [.. MakeRecords(part, subjects, _reading.WithoutMasks ? null : ReadReaders(part))]
            : throw new InvalidDataException($"Subject {empty} in dataset '{part.Subjects(_contents)}' of '{_contents.Path}' is empty; give every image one.");
    }

    private IEnumerable<ImageRecord> MakeRecords(HdfPart part, string[]? subjects, string[]? readers)
    {
        int[] all = [.. Enumerable.Range(1, Annotators)];
        var columns = part.IsLidc ? new Dictionary<string, string> { ["part"] = part.Name } : [];
        for (var index = 0; index < part.Count; index++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"{(part.IsLidc ? part.Name : "image")}_{index:00000}");
            var names = readers?.AsSpan(readers.Length == Annotators ? 0 : index * Annotators, Annotators).ToArray();
            int[] numbers = names is null ? all : [.. all.Where(number => !string.IsNullOrEmpty(names[number - 1]))];
            string[] present = names is null ? [] : [.. numbers.Select(number => names[number - 1])];
            if (names is not null && ReaderNames.Fault(present, numbers.Length) is { } fault)
            {
                throw new InvalidDataException($"In the dataset of readers of '{_contents.Path}', image {index}, {fault}; name nobody twice.");
            }

            yield return new ImageRecord { Id = id, Subject = subjects?[index] ?? id, Annotators = numbers, Readers = present, Columns = columns };
        }
    }

    /// <summary>The names of A readers, or of A for each image.</summary>
    private string[]? ReadReaders(HdfPart part)
    {
        if (part.Readers(_contents) is not { } name)
        {
            return null;
        }

        var forAll = false;
        var readers = _contents.Texts(
            name,
            shape => (forAll = shape is [var length] && length == (ulong)Annotators)
                || (shape is [var images, var masks] && images == (ulong)part.Count && masks == (ulong)Annotators),
            $"[{Annotators}] or [{part.Count}, {Annotators}]");
        var empty = forAll ? Array.FindIndex(readers, string.IsNullOrEmpty) : -1;
        return empty < 0
            ? readers
            : throw new InvalidDataException(
                $"Reader {empty} in dataset '{name}' of '{_contents.Path}' is empty; name the reader of every mask, or give [{part.Count}, {Annotators}] "
                + "names, where an empty one says that an image has no mask at its place.");
    }

    private LeftOutFile[] FindLeftOut()
    {
        var read = Parts.SelectMany(part => new[] { part.Images, part.Masks, part.Subjects(_contents), part.Readers(_contents) }).ToHashSet();
        return
        [
            .. _contents.Datasets().Where(item => !read.Contains(item.Path)).Select(item => new LeftOutFile(
                Path.Combine(_contents.Path, item.Path), $"is a dataset {HdfContents.Shape(item.Dataset)} that is not read")),
        ];
    }
}
