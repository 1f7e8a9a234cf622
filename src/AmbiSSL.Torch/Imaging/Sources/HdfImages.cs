using System.Globalization;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Imaging;
using PureHDF;
using PureHDF.Selections;

namespace AmbiSSL;

/// <summary>
/// Arrays in an HDF5 file: the dataset <c>images</c> <c>[N, H, W]</c> or <c>[N, C, H, W]</c>, where there are masks <c>masks</c>
/// <c>[N, A, H, W]</c>, <c>[N, H, W, A]</c> or <c>[N, H, W]</c>, with an axis of classes <c>[N, A, K, H, W]</c>, where subjects are known <c>subjects</c> <c>[N]</c>, and where it is known who drew
/// the masks <c>readers</c>, <c>[A]</c> or <c>[N, A]</c>.
/// </summary>
/// <remarks>
/// <see cref="ReadingOptions.Hdf5Images"/> and <see cref="ReadingOptions.Hdf5Masks"/> give images and masks other names. Images of 8 and 16 bits
/// without sign are scaled to k/255 and k/65535; floating-point images are taken as they are. Masks are booleans, or bytes of 0 beside 1 or 255, unless
/// <see cref="ReadingOptions.ForegroundValues"/> says more. Subjects are strings, or integers; without them every image is its own. Ids are
/// <c>image_00000</c> and so on; numbers of masks run from 1 to A. Readers are strings: the names of the A readers who drew the masks of all images in
/// the same order, or those of each image, where an empty name says that there is no mask at its place. Without them nobody is known. Only the image
/// asked for is read. A file holds at most 1,000,000 images. Datasets that are not read are in <see cref="ImageSource.LeftOut"/>.
/// Public files of LIDC are known by their groups <c>train</c>, <c>val</c> and <c>test</c>, with <c>images</c>, <c>labels</c> <c>[N, H, W, A]</c> and
/// <c>uids</c>, the subjects: floating-point images from -0.5 to 0.5 are taken as 0 to 1, ids begin with the group, and the column <c>part</c> has it.
/// </remarks>
public sealed class HdfImages : ImageSource
{
    private const int MostChannelsLast = 4;

    private readonly ReadingOptions _reading;
    private readonly HdfPart[] _parts;
    private readonly ImageShape _storedShape;
    private readonly int _annotators;

    private HdfImages(string path, Preprocessing? preprocessing, ReadingOptions? reading)
    {
        preprocessing ??= Preprocessing.None;
        preprocessing.Validate();
        _reading = reading ?? new ReadingOptions();
        _reading.Validate();
        Path = path;
        (_parts, _storedShape, var type, _annotators, Records, LeftOut) = WithFile(contents =>
        {
            var parts = HdfPart.Find(path, contents, _reading);
            var (shape, type) = ReadImageFormat(contents, parts);
            var annotators = CountAnnotators(contents, parts, shape);
            var records = parts.SelectMany(part => MakeRecords(contents, part, annotators)).ToArray();
            return (parts, shape, type, annotators, records, FindLeftOut(contents, parts));
        });
        Format = ImageFormat.Of(preprocessing.Fit(path, _storedShape), type, preprocessing);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public override ImageFormat Format { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<ImageRecord> Records { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<LeftOutFile> LeftOut { get; }

    /// <inheritdoc/>
    public override MaskClasses Classes => _reading.MaskClasses;

    /// <inheritdoc/>
    public override bool MayIgnorePixels => _reading.ForegroundValues is { IsIgnoring: true };

    /// <summary>Opens a file and checks the shapes of its datasets; images are read later, by <see cref="ImageSource.Read"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="preprocessing">Cropping or resizing; null for neither.</param>
    /// <param name="reading">How files are read; null for the default values.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// It is no HDF5 file, a dataset is missing, or one has another shape or type than it needs.
    /// </exception>
    /// <exception cref="ArgumentException">Both a crop and a new size are given, or a number is out of its range.</exception>
    public static HdfImages Open(string path, Preprocessing? preprocessing = null, ReadingOptions? reading = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        RegularFile.Require(path, "HDF5 file");
        return reading is { IsByNumber: true }
            ? throw new InvalidDataException(
                $"'{path}' is one file, whose masks have no numbers of their own, but readers are asked for by number; name them in a dataset "
                + "'readers' [A] or [N, A].")
            : new HdfImages(path, preprocessing, reading);
    }

    /// <summary>The file, its number of images and their size.</summary>
    public override string ToString() => $"{Path}: {Count} images of {Shape}";

    /// <inheritdoc/>
    internal override (ImageShape Shape, PixelType Type) Stored(int index) => (_storedShape, Format.Source);

    /// <inheritdoc/>
    protected override AnnotatedImage ReadImage(int index)
    {
        var (part, row) = Locate(index);
        var (pixels, masks) = WithFile(contents => (ReadImage(contents, part, row), ReadMasks(contents, part, row, Records[index])));
        var invalid = pixels.FindFloat(value => !float.IsFinite(value));
        if (invalid >= 0)
        {
            throw new InvalidDataException(
                $"Image {index} of '{Path}' holds the value {pixels.Values<float>()[invalid].ToString(CultureInfo.InvariantCulture)}; "
                + "values must be finite.");
        }

        var record = Records[index];
        return new AnnotatedImage(record.Id, record.Subject, Format.Preprocessing.Apply(pixels), Format.Preprocessing.Apply(masks));
    }

    private static T[] ReadRow<T>(IH5Dataset dataset, int index)
    {
        var size = dataset.Space.Dimensions.ToArray();
        var start = new ulong[size.Length];
        start[0] = (ulong)index;
        size[0] = 1;
        return dataset.Read<T[]>(fileSelection: new HyperslabSelection(size.Length, start, size));
    }

    private static IEnumerable<ImageRecord> MakeRecords(string path, HdfPart part, int annotators, string[]? subjects, string[]? readers)
    {
        int[] all = [.. Enumerable.Range(1, annotators)];
        var columns = part.IsLidc ? new Dictionary<string, string> { ["part"] = part.Name } : [];
        for (var index = 0; index < part.Count; index++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"{(part.IsLidc ? part.Name : "image")}_{index:00000}");
            var names = readers?.AsSpan(readers.Length == annotators ? 0 : index * annotators, annotators).ToArray();
            int[] numbers = names is null ? all : [.. all.Where(number => !string.IsNullOrEmpty(names[number - 1]))];
            string[] present = names is null ? [] : [.. numbers.Select(number => names[number - 1])];
            if (names is not null && ReaderNames.Fault(present, numbers.Length) is { } fault)
            {
                throw new InvalidDataException($"In the dataset of readers of '{path}', image {index}, {fault}; name nobody twice.");
            }

            yield return new ImageRecord { Id = id, Subject = subjects?[index] ?? id, Annotators = numbers, Readers = present, Columns = columns };
        }
    }

    private ImageRecord[] MakeRecords(HdfContents contents, HdfPart part, int annotators)
    {
        var subjects = part.Subjects(contents) is { } name
            ? contents.Texts(name, shape => shape is [var length] && length == (ulong)part.Count, $"[{part.Count}]", mayBeNumbers: true)
            : null;
        var empty = Array.FindIndex(subjects ?? [], string.IsNullOrEmpty);
        return empty < 0
            ? [.. MakeRecords(Path, part, annotators, subjects, _reading.WithoutMasks ? null : ReadReaders(contents, part, annotators))]
            : throw new InvalidDataException($"Subject {empty} in dataset '{part.Subjects(contents)}' of '{Path}' is empty; give every image one.");
    }

    /// <summary>The part of an image, and its place in it.</summary>
    private (HdfPart Part, int Row) Locate(int index)
    {
        var part = 0;
        for (; index >= _parts[part].Count; part++)
        {
            index -= _parts[part].Count;
        }

        return (_parts[part], index);
    }

    private ImagePixels ReadImage(HdfContents contents, HdfPart part, int row)
    {
        var pixels = ReadPixels(contents, part, _storedShape, row);
        if (!part.IsLidc || pixels.Type != PixelType.Float32)
        {
            return pixels;
        }

        var outside = pixels.FindFloat(value => value is < -HdfPart.Shift or > HdfPart.Shift);
        return outside < 0
            ? new ImagePixels(_storedShape, Array.ConvertAll(pixels.ToFloats(), value => value + HdfPart.Shift))
            : throw new InvalidDataException(
                $"Image {row} in dataset '{part.Images}' of '{Path}' holds the value {pixels.Values<float>()[outside].ToString(CultureInfo.InvariantCulture)}; "
                + $"public files of LIDC, with groups {string.Join(", ", HdfPart.LidcNames)}, hold -0.5 to 0.5. To read values as they are, name one dataset "
                + $"with {nameof(ReadingOptions.Hdf5Images)} and {nameof(ReadingOptions.Hdf5Masks)} (--hdf5-images, --hdf5-masks).");
    }

    private ImagePixels ReadPixels(HdfContents contents, HdfPart part, ImageShape shape, int row)
    {
        var dataset = contents.Require(part.Images);
        return (dataset.Type.Class, dataset.Type.Size) switch
        {
            (H5DataTypeClass.FixedPoint, 1) when !dataset.Type.FixedPoint.IsSigned => new ImagePixels(shape, ReadRow<byte>(dataset, row)),
            (H5DataTypeClass.FixedPoint, 2) when !dataset.Type.FixedPoint.IsSigned => new ImagePixels(shape, ReadRow<ushort>(dataset, row)),
            (H5DataTypeClass.FloatingPoint, 2) => new ImagePixels(shape, Array.ConvertAll(ReadRow<Half>(dataset, row), value => (float)value)),
            (H5DataTypeClass.FloatingPoint, 4) => new ImagePixels(shape, ReadRow<float>(dataset, row)),
            (H5DataTypeClass.FloatingPoint, 8) => new ImagePixels(shape, Array.ConvertAll(ReadRow<double>(dataset, row), value => (float)value)),
            _ => throw new InvalidDataException(
                $"Dataset '{part.Images}' of '{Path}' holds values of the type {HdfContents.Type(dataset)}; "
                + "give unsigned integers of 8 or 16 bits, or floating-point numbers."),
        };
    }

    private MaskSet ReadMasks(HdfContents contents, HdfPart part, int row, ImageRecord record)
    {
        if (part.Masks is null || _reading.WithoutMasks)
        {
            return new MaskSet(_storedShape.Size, []);
        }

        var dataset = contents.Require(part.Masks);
        var values = ReadRow<byte>(dataset, row);
        MaskLabels.Replace($"Image {row} in dataset '{part.Masks}' of '{Path}'", values, _reading);
        values = AreMasksLast(dataset.Space.Dimensions, part, _storedShape) ? MasksFirst(values) : values;
        var what = $"image {row} in dataset '{part.Masks}' of '{Path}'";
        if (record.Annotators.Count == _annotators)
        {
            return ClassMasks.OfLabels(what, _storedShape.Size, values, record.Readers, _reading);
        }

        var present = new List<byte>();
        var length = values.Length / _annotators;
        for (var place = 0; place < _annotators; place++)
        {
            var mask = values.AsSpan(place * length, length);
            if (record.Annotators.Contains(place + 1))
            {
                present.AddRange(mask);
            }
            else if (mask.ContainsAnyExcept((byte)0, MaskLabels.Ignored))
            {
                throw new InvalidDataException(
                    $"In '{Path}' mask {place} of image {row} has foreground, but '{part.Readers(contents)}' names nobody at its place; name its reader, or "
                    + "clear the mask.");
            }
        }

        return ClassMasks.OfLabels(what, _storedShape.Size, [.. present], record.Readers, _reading);
    }

    private static bool AreMasksLast(ulong[] dimensions, HdfPart part, ImageShape shape) => part.IsLidc || !AreMasksFirst(dimensions, shape);

    private static bool AreMasksFirst(ulong[] dimensions, ImageShape shape) => dimensions[^2] == (ulong)shape.Height && dimensions[^1] == (ulong)shape.Width;

    // [H, W, A] as [A, H, W].
    private byte[] MasksFirst(byte[] values)
    {
        var masks = new byte[values.Length];
        for (var position = 0; position < values.Length; position++)
        {
            masks[(position % _annotators * _storedShape.PixelCount) + (position / _annotators)] = values[position];
        }

        return masks;
    }

    private LeftOutFile[] FindLeftOut(HdfContents contents, HdfPart[] parts)
    {
        var read = parts.SelectMany(part => new[] { part.Images, part.Masks, part.Subjects(contents), part.Readers(contents) }).ToHashSet();
        return
        [
            .. contents.Datasets().Where(item => !read.Contains(item.Path)).Select(item => new LeftOutFile(
                System.IO.Path.Combine(Path, item.Path), $"is a dataset {HdfContents.Shape(item.Dataset)} that is not read")),
        ];
    }

    private (ImageShape Shape, PixelType Type) ReadImageFormat(HdfContents contents, HdfPart[] parts)
    {
        (ImageShape Shape, PixelType Type)? first = null;
        foreach (var part in parts)
        {
            var dataset = contents.Require(part.Images);
            var dimensions = dataset.Space.Dimensions;
            if (dimensions is [var count, > MostChannelsLast and var height, var width, <= MostChannelsLast and var channels])
            {
                throw contents.Fault(
                    $"Dataset '{part.Images}' of '{Path}' has the shape {HdfContents.Shape(dataset)}, {height} channels of {width}x{channels} pixels, as if its "
                    + $"channels were last; write it as [{count}, {channels}, {height}, {width}]");
            }

            _reading.RequireSize($"An image of dataset '{part.Images}' of '{Path}'", (long)dimensions[^2], (long)dimensions[^1]);
            RequireArray(part.Images, dimensions);
            var shape = new ImageShape(dimensions.Length == 4 ? (int)dimensions[1] : 1, (int)dimensions[^2], (int)dimensions[^1]);
            var format = (Shape: shape, ReadPixels(contents, part, shape, 0).Type);
            if (format != (first ??= format))
            {
                throw new InvalidDataException(
                    $"Dataset '{part.Images}' of '{Path}' has images of {shape} in {format.Type.InWords()}, and '{parts[0].Images}' of {first.Value.Shape} in "
                    + $"{first.Value.Type.InWords()}; all images need one size and type.");
            }
        }

        return first!.Value;
    }

    private int CountAnnotators(HdfContents contents, HdfPart[] parts, ImageShape shape)
    {
        int[] counts = [.. parts.Select(part => part.Masks is null || _reading.WithoutMasks ? 0 : CountAnnotators(contents, part, shape))];
        var other = Array.FindIndex(counts, count => count != counts[0]);
        return other < 0
            ? counts[0]
            : throw new InvalidDataException(
                $"Dataset '{parts[other].Masks}' of '{Path}' has {counts[other]} masks of an image, and '{parts[0].Masks}' has {counts[0]}; give all the same "
                + "number.");
    }

    private int CountAnnotators(HdfContents contents, HdfPart part, ImageShape shape)
    {
        if (part.IsLidc && _reading.Classes is not null)
        {
            throw new InvalidDataException(
                $"'{Path}' is a public file of LIDC, whose masks are of nodules alone; leave {nameof(ReadingOptions.Classes)} (--classes) out.");
        }

        var dataset = contents.Require(part.Masks!);
        var dimensions = dataset.Space.Dimensions;
        var named = _reading.NamedClasses?.Classes;
        if (named is not null && (dimensions.Length != 5 || dimensions[2] != (ulong)named.Count))
        {
            throw contents.Fault(
                $"Dataset '{part.Masks}' of '{Path}' has the shape {HdfContents.Shape(dataset)}; with its images '{part.Images}' and the classes {named} it must be "
                + $"[{part.Count}, A, {named.Count}, {shape.Height}, {shape.Width}]. Where it holds numbers of classes, say them, such as core=1,rim=2");
        }

        var isLast = dimensions.Length == 4 && AreMasksLast(dimensions, part, shape);
        if ((named is null && dimensions.Length is not (3 or 4))
            || dimensions.Any(dimension => dimension > int.MaxValue)
            || dimensions[0] != (ulong)part.Count
            || !AreMasksFirst(isLast ? dimensions[..3] : dimensions, shape))
        {
            throw contents.Fault(
                $"Dataset '{part.Masks}' of '{Path}' has the shape {HdfContents.Shape(dataset)}; with its images '{part.Images}' it must be "
                + $"{(part.IsLidc ? "" : $"[{part.Count}, A, {shape.Height}, {shape.Width}] or ")}[{part.Count}, {shape.Height}, {shape.Width}, A]"
                + (named is null && dimensions.Length == 5 ? ". Where it has an axis of classes, name them, such as core,rim, with Classes (--classes)" : ""));
        }

        RequireArray(part.Masks!, dimensions);
        if (dataset.Type is not { Class: H5DataTypeClass.FixedPoint or H5DataTypeClass.Enumerated, Size: 1 })
        {
            throw new InvalidDataException(
                $"Dataset '{part.Masks}' of '{Path}' holds values of the type {HdfContents.Type(dataset)}; give bytes or booleans.");
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
                $"Dataset '{dataset}' of '{Path}' has the shape [{string.Join(", ", dimensions)}], {values} values for each image; "
                + $"at most {Array.MaxLength / sizeof(double)} are read.");
        }
    }

    /// <summary>The names of A readers, or of A for each image.</summary>
    private string[]? ReadReaders(HdfContents contents, HdfPart part, int annotators)
    {
        if (part.Readers(contents) is not { } name)
        {
            return null;
        }

        var forAll = false;
        var readers = contents.Texts(
            name,
            shape => (forAll = shape is [var length] && length == (ulong)annotators)
                || (shape is [var images, var masks] && images == (ulong)part.Count && masks == (ulong)annotators),
            $"[{annotators}] or [{part.Count}, {annotators}]");
        var empty = forAll ? Array.FindIndex(readers, string.IsNullOrEmpty) : -1;
        return empty < 0
            ? readers
            : throw new InvalidDataException(
                $"Reader {empty} in dataset '{name}' of '{Path}' is empty; name the reader of every mask, or give [{part.Count}, {annotators}] "
                + "names, where an empty one says that an image has no mask at its place.");
    }

    // Opened for each read, so that nothing is to be disposed of and threads do not meet.
    private T WithFile<T>(Func<HdfContents, T> read)
    {
        using var stream = new HdfStream(RegularFile.Open(Path, "HDF5 file"));
        try
        {
            using var file = H5File.Open(stream, leaveOpen: true);
            return read(new HdfContents(Path, file));
        }
        catch (Exception exception) when (exception is not (InvalidDataException or UnauthorizedAccessException))
        {
            // The HDF5 reader throws bare exceptions of many types at damaged and at unsupported files, that of memory among them: it takes as
            // much as a damaged length says.
            throw new InvalidDataException(
                $"'{Path}' cannot be read as HDF5: {exception.Message} It may be damaged, another kind of file, or use a feature "
                + "that is not supported; write it again with plain little-endian arrays.",
                exception);
        }
    }
}
