using System.Globalization;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Imaging;
using PureHDF;
using PureHDF.Selections;

namespace AmbiSSL;

/// <summary>
/// Arrays in an HDF5 file: the dataset <c>images</c> <c>[N, H, W]</c> or <c>[N, C, H, W]</c>, where there are masks <c>masks</c>
/// <c>[N, A, H, W]</c>, where subjects are known <c>subjects</c> <c>[N]</c>, and where it is known who drew the masks <c>readers</c>,
/// <c>[A]</c> or <c>[N, A]</c>.
/// </summary>
/// <remarks>
/// Images of 8 and 16 bits without sign are scaled to k/255 and k/65535; floating-point images are taken as they are. Masks are bytes or
/// booleans, nonzero is foreground. Subjects are strings; without them every image is its own. Ids are <c>image_00000</c> and so on;
/// numbers of masks run from 1 to A. Readers are strings: the names of the A readers who drew the masks of all images in the same order, or
/// those of each image, where an empty name says that there is no mask at its place. Without them nobody is known. Only the image asked for
/// is read. A file holds at most 1,000,000 images.
/// </remarks>
public sealed class HdfImages : ImageSource
{
    private const string ImagesName = "images";
    private const string MasksName = "masks";
    private const string SubjectsName = "subjects";
    private const string ReadersName = "readers";
    private const int MostImages = 1_000_000;

    private readonly ImageShape _storedShape;
    private readonly int _annotators;

    private HdfImages(string path, Preprocessing? preprocessing, ReadingOptions? reading)
    {
        preprocessing ??= Preprocessing.None;
        preprocessing.Validate();
        reading ??= new ReadingOptions();
        reading.Validate();
        Path = path;
        (_storedShape, var type, _annotators, Records) = WithFile(file =>
        {
            var (count, shape, type) = ReadImageFormat(file, reading);
            var annotators = ReadAnnotatorCount(file, count, shape);
            return (shape, type, annotators, MakeRecords(count, annotators, ReadSubjects(file, count), ReadReaders(file, count, annotators)));
        });
        Format = new ImageFormat(preprocessing.Fit(path, _storedShape), type, preprocessing);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public override ImageFormat Format { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<ImageRecord> Records { get; }

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
                + $"'{ReadersName}' [A] or [N, A].")
            : new HdfImages(path, preprocessing, reading);
    }

    /// <summary>The file, its number of images and their size.</summary>
    public override string ToString() => $"{Path}: {Count} images of {Shape}";

    /// <inheritdoc/>
    internal override (ImageShape Shape, PixelType Type) Stored(int index) => (_storedShape, Format.Source);

    /// <inheritdoc/>
    protected override AnnotatedImage ReadImage(int index)
    {
        var (pixels, masks) = WithFile(file => (ReadPixels(file.Dataset(ImagesName), _storedShape, index), ReadMasks(file, index)));
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

    private static string Describe(IH5DataType type) => $"{type.Class} of {type.Size} bytes";

    private static string Describe(ulong[] dimensions) => $"[{string.Join(", ", dimensions)}]";

    private ImageRecord[] MakeRecords(int count, int annotators, string[]? subjects, string[]? readers)
    {
        int[] all = [.. Enumerable.Range(1, annotators)];
        var records = new ImageRecord[count];
        for (var index = 0; index < count; index++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"image_{index:00000}");
            var names = readers?.AsSpan(readers.Length == annotators ? 0 : index * annotators, annotators).ToArray();
            int[] numbers = names is null ? all : [.. all.Where(number => !string.IsNullOrEmpty(names[number - 1]))];
            string[] present = names is null ? [] : [.. numbers.Select(number => names[number - 1])];
            if (names is not null && ReaderNames.Fault(present, numbers.Length) is { } fault)
            {
                throw new InvalidDataException($"In dataset '{ReadersName}' of '{Path}', image {index}, {fault}; name nobody twice.");
            }

            records[index] = new ImageRecord { Id = id, Subject = subjects?[index] ?? id, Annotators = numbers, Readers = present };
        }

        return records;
    }

    private ImagePixels ReadPixels(IH5Dataset dataset, ImageShape shape, int index) => (dataset.Type.Class, dataset.Type.Size) switch
    {
        (H5DataTypeClass.FixedPoint, 1) when !dataset.Type.FixedPoint.IsSigned => new ImagePixels(shape, ReadRow<byte>(dataset, index)),
        (H5DataTypeClass.FixedPoint, 2) when !dataset.Type.FixedPoint.IsSigned => new ImagePixels(shape, ReadRow<ushort>(dataset, index)),
        (H5DataTypeClass.FloatingPoint, 2) => new ImagePixels(shape, Array.ConvertAll(ReadRow<Half>(dataset, index), value => (float)value)),
        (H5DataTypeClass.FloatingPoint, 4) => new ImagePixels(shape, ReadRow<float>(dataset, index)),
        (H5DataTypeClass.FloatingPoint, 8) => new ImagePixels(shape, Array.ConvertAll(ReadRow<double>(dataset, index), value => (float)value)),
        _ => throw new InvalidDataException(
            $"Dataset '{ImagesName}' of '{Path}' holds values of the type {Describe(dataset.Type)}; "
            + "give unsigned integers of 8 or 16 bits, or floating-point numbers."),
    };

    private MaskSet ReadMasks(IH5Group file, int index)
    {
        var record = Records[index];
        var values = _annotators == 0 ? [] : Array.ConvertAll(ReadRow<byte>(file.Dataset(MasksName), index), value => (byte)(value == 0 ? 0 : 1));
        if (record.Annotators.Count == _annotators)
        {
            return new MaskSet(_storedShape.Size, values, record.Readers);
        }

        var present = new List<byte>();
        for (var place = 0; place < _annotators; place++)
        {
            var mask = values.AsSpan(place * _storedShape.PixelCount, _storedShape.PixelCount);
            if (record.Annotators.Contains(place + 1))
            {
                present.AddRange(mask);
            }
            else if (mask.Contains((byte)1))
            {
                throw new InvalidDataException(
                    $"In '{Path}' mask {place} of image {index} has foreground, but '{ReadersName}' names nobody at its place; name its reader, or "
                    + "clear the mask.");
            }
        }

        return new MaskSet(_storedShape.Size, [.. present], record.Readers);
    }

    private (int Count, ImageShape Shape, PixelType Type) ReadImageFormat(IH5Group file, ReadingOptions reading)
    {
        if (!file.LinkExists(ImagesName))
        {
            throw new InvalidDataException(
                $"'{Path}' has no dataset '{ImagesName}'; it must hold the images as [N, C, H, W] or [N, H, W].");
        }

        var dataset = file.Dataset(ImagesName);
        var dimensions = dataset.Space.Dimensions;
        if (dimensions.Length is not (3 or 4) || dimensions.Any(dimension => dimension is 0 or > int.MaxValue))
        {
            throw new InvalidDataException(
                $"Dataset '{ImagesName}' of '{Path}' has the shape {Describe(dimensions)}; "
                + "it must be [N, C, H, W] or [N, H, W], none of them 0.");
        }

        // An array of zeros takes no bytes in a file, however many it says it has.
        if (dimensions[0] > MostImages)
        {
            throw new InvalidDataException(
                $"Dataset '{ImagesName}' of '{Path}' has {dimensions[0]} images; at most {MostImages} are read, so divide the file.");
        }

        var channels = dimensions.Length == 4 ? (int)dimensions[1] : 1;
        reading.RequireSize($"An image of dataset '{ImagesName}' of '{Path}'", (long)dimensions[^2], (long)dimensions[^1]);
        RequireArray(ImagesName, dimensions);
        var shape = new ImageShape(channels, (int)dimensions[^2], (int)dimensions[^1]);
        return ((int)dimensions[0], shape, ReadPixels(dataset, shape, 0).Type);
    }

    private int ReadAnnotatorCount(IH5Group file, int count, ImageShape shape)
    {
        if (!file.LinkExists(MasksName))
        {
            return 0;
        }

        var dataset = file.Dataset(MasksName);
        var dimensions = dataset.Space.Dimensions;
        if (dimensions.Length != 4
            || dimensions[0] != (ulong)count
            || dimensions[1] > int.MaxValue
            || dimensions[2] != (ulong)shape.Height
            || dimensions[3] != (ulong)shape.Width)
        {
            throw new InvalidDataException(
                $"Dataset '{MasksName}' of '{Path}' has the shape {Describe(dimensions)}; "
                + $"with its images it must be [{count}, A, {shape.Height}, {shape.Width}].");
        }

        RequireArray(MasksName, dimensions);
        if (dataset.Type is not { Class: H5DataTypeClass.FixedPoint or H5DataTypeClass.Enumerated, Size: 1 })
        {
            throw new InvalidDataException(
                $"Dataset '{MasksName}' of '{Path}' holds values of the type {Describe(dataset.Type)}; give bytes or booleans.");
        }

        return (int)dimensions[1];
    }

    // Bytes of one image, or of all masks of one, as 64-bit numbers.
    private void RequireArray(string dataset, ulong[] dimensions)
    {
        var values = dimensions.Skip(1).Aggregate((Int128)1, (product, dimension) => product * dimension);
        if (values * sizeof(double) > Array.MaxLength)
        {
            throw new InvalidDataException(
                $"Dataset '{dataset}' of '{Path}' has the shape {Describe(dimensions)}, {values} values for each image; "
                + $"at most {Array.MaxLength / sizeof(double)} are read.");
        }
    }

    private string[]? ReadSubjects(IH5Group file, int count)
    {
        var subjects = ReadStrings(file, SubjectsName, shape => shape is [var length] && length == (ulong)count, $"[{count}]");
        var empty = Array.FindIndex(subjects ?? [], string.IsNullOrEmpty);
        return empty < 0
            ? subjects
            : throw new InvalidDataException($"Subject {empty} in dataset '{SubjectsName}' of '{Path}' is empty; give every image one.");
    }

    /// <summary>The names of A readers, or of A for each image.</summary>
    private string[]? ReadReaders(IH5Group file, int count, int annotators)
    {
        var forAll = false;
        var readers = ReadStrings(
            file,
            ReadersName,
            shape => (forAll = shape is [var length] && length == (ulong)annotators)
                || (shape is [var images, var masks] && images == (ulong)count && masks == (ulong)annotators),
            $"[{annotators}] or [{count}, {annotators}]");
        var empty = forAll ? Array.FindIndex(readers!, string.IsNullOrEmpty) : -1;
        return empty < 0
            ? readers
            : throw new InvalidDataException(
                $"Reader {empty} in dataset '{ReadersName}' of '{Path}' is empty; name the reader of every mask, or give [{count}, {annotators}] "
                + "names, where an empty one says that an image has no mask at its place.");
    }

    private string[]? ReadStrings(IH5Group file, string name, Predicate<ulong[]> fits, string expected)
    {
        if (!file.LinkExists(name))
        {
            return null;
        }

        var dataset = file.Dataset(name);
        if (dataset.Type.Class is not (H5DataTypeClass.String or H5DataTypeClass.VariableLength))
        {
            throw new InvalidDataException($"Dataset '{name}' of '{Path}' holds values of the type {Describe(dataset.Type)}; give strings.");
        }

        return fits(dataset.Space.Dimensions)
            ? dataset.Read<string[]>()
            : throw new InvalidDataException(
                $"Dataset '{name}' of '{Path}' has the shape {Describe(dataset.Space.Dimensions)}; with its images it must be {expected}.");
    }

    // Opened for each read, so that nothing is to be disposed of and threads do not meet.
    private T WithFile<T>(Func<IH5Group, T> read)
    {
        try
        {
            using var file = H5File.OpenRead(Path);
            return read(file);
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
