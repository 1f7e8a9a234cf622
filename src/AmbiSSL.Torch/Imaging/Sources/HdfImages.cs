using System.Globalization;
using AmbiSSL.Torch.Foundation;
using PureHDF;
using PureHDF.Selections;

namespace AmbiSSL;

/// <summary>
/// Arrays in an HDF5 file: the dataset <c>images</c> <c>[N, H, W]</c> or <c>[N, C, H, W]</c>, where there are masks <c>masks</c>
/// <c>[N, A, H, W]</c>, and where subjects are known <c>subjects</c> <c>[N]</c>.
/// </summary>
/// <remarks>
/// Images of 8 and 16 bits without sign are scaled to k/255 and k/65535; floating-point images are taken as they are. Masks are bytes or
/// booleans, nonzero is foreground. Subjects are strings; without them every image is its own. Ids are <c>image_00000</c> and so on;
/// slots run from 1 to A. Only the image asked for is read.
/// </remarks>
public sealed class HdfImages : ImageSource
{
    private const string ImagesName = "images";
    private const string MasksName = "masks";
    private const string SubjectsName = "subjects";

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
            return (shape, type, annotators, MakeRecords(count, annotators, ReadSubjects(file, count)));
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
        return new HdfImages(path, preprocessing, reading);
    }

    /// <summary>The file, its number of images and their size.</summary>
    public override string ToString() => $"{Path}: {Count} images of {Shape}";

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

    private static ImageRecord[] MakeRecords(int count, int annotators, string[]? subjects)
    {
        int[] slots = [.. Enumerable.Range(1, annotators)];
        var records = new ImageRecord[count];
        for (var index = 0; index < count; index++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"image_{index:00000}");
            records[index] = new ImageRecord { Id = id, Subject = subjects?[index] ?? id, Annotators = slots };
        }

        return records;
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
        var values = _annotators == 0 ? [] : ReadRow<byte>(file.Dataset(MasksName), index);
        return new MaskSet(_storedShape.Size, Array.ConvertAll(values, value => value == 0 ? (byte)0 : (byte)1));
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
        if (!file.LinkExists(SubjectsName))
        {
            return null;
        }

        var dataset = file.Dataset(SubjectsName);
        if (dataset.Type.Class is not (H5DataTypeClass.String or H5DataTypeClass.VariableLength))
        {
            throw new InvalidDataException(
                $"Dataset '{SubjectsName}' of '{Path}' holds values of the type {Describe(dataset.Type)}; give strings.");
        }

        if (dataset.Space.Dimensions is not [var length] || length != (ulong)count)
        {
            throw new InvalidDataException(
                $"Dataset '{SubjectsName}' of '{Path}' has the shape {Describe(dataset.Space.Dimensions)}; "
                + $"with its images it must be [{count}].");
        }

        var subjects = dataset.Read<string[]>();
        var empty = Array.FindIndex(subjects, string.IsNullOrEmpty);
        return empty < 0
            ? subjects
            : throw new InvalidDataException($"Subject {empty} in dataset '{SubjectsName}' of '{Path}' is empty; give every image one.");
    }

    // Opened for each read, so that nothing is to be disposed of and threads do not meet.
    private T WithFile<T>(Func<IH5Group, T> read)
    {
        try
        {
            using var file = H5File.OpenRead(Path);
            return read(file);
        }
        catch (Exception exception) when (exception is not (InvalidDataException or OutOfMemoryException or UnauthorizedAccessException))
        {
            // The HDF5 reader throws bare exceptions of many types at damaged and at unsupported files.
            throw new InvalidDataException(
                $"'{Path}' cannot be read as HDF5: {exception.Message} It may be damaged, another kind of file, or use a feature "
                + "that is not supported; write it again with plain little-endian arrays.",
                exception);
        }
    }
}
