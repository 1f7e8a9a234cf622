using System.Globalization;
using PureHDF;
using PureHDF.Selections;

namespace AmbiSSL.Torch.Imaging;

/// <summary>The datasets of an open HDF5 file by their paths, such as <c>train/images</c>, with errors that say what the file holds instead.</summary>
/// <param name="path">The file, for errors.</param>
/// <param name="file">Its root.</param>
internal sealed class HdfContents(string path, IH5Group file)
{
    private const int NamedAtMost = 12;

    // Links of a file may lead in circles.
    private const int MostGroups = 1_000;

    /// <summary>The file, for errors.</summary>
    public string Path { get; } = path;

    /// <summary>The datasets of the file by their paths, those of groups after those beside them.</summary>
    public IEnumerable<(string Path, IH5Dataset Dataset)> Datasets()
    {
        var groups = new Queue<(string Path, IH5Group Group)>([("", file)]);
        for (var visited = 0; visited < MostGroups && groups.TryDequeue(out var group); visited++)
        {
            foreach (var child in group.Group.Children())
            {
                if (child is IH5Dataset dataset)
                {
                    yield return (group.Path + dataset.Name, dataset);
                }
                else if (child is IH5Group inner)
                {
                    groups.Enqueue(($"{group.Path}{inner.Name}/", inner));
                }
            }
        }
    }

    /// <summary>Whether there is a dataset.</summary>
    public bool Has(string name) => file.LinkExists(name) && file.Get(name) is IH5Dataset;

    /// <summary>A dataset.</summary>
    /// <exception cref="InvalidDataException">
    /// There is none of this name, its values are in other files, which may be pipes or devices, or they would be read as others than were written.
    /// </exception>
    public IH5Dataset Require(string name)
    {
        if (!file.LinkExists(name))
        {
            throw Fault($"'{Path}' has no dataset '{name}'");
        }

        var dataset = file.Get(name) as IH5Dataset ?? throw Fault($"'{name}' in '{Path}' is a group, and one dataset of all images is expected");
        return HdfStorage.Fault(dataset) is { } fault ? throw new InvalidDataException($"Dataset '{name}' of '{Path}' {fault}.") : dataset;
    }

    /// <summary>The dataset of this name beside another, or else the one that is in no group; null where there is neither.</summary>
    public string? Beside(string other, string name)
    {
        var beside = other[..(other.LastIndexOf('/') + 1)] + name;
        return file.LinkExists(beside) ? beside : file.LinkExists(name) ? name : null;
    }

    /// <summary>The strings of a dataset, or its numbers as text.</summary>
    /// <param name="name">The dataset.</param>
    /// <param name="fits">Whether it has a shape that it may have.</param>
    /// <param name="expected">These shapes, for errors.</param>
    /// <param name="mayBeNumbers">Whether it may hold numbers.</param>
    /// <exception cref="InvalidDataException">There is no such dataset, or it has another shape or type.</exception>
    public string[] Texts(string name, Predicate<ulong[]> fits, string expected, bool mayBeNumbers = false)
    {
        var dataset = Require(name);
        var isNumber = mayBeNumbers && dataset.Type is { Class: H5DataTypeClass.FixedPoint, Size: sizeof(int) or sizeof(long) };
        if (!isNumber && dataset.Type.Class is not (H5DataTypeClass.String or H5DataTypeClass.VariableLength))
        {
            throw new InvalidDataException(
                $"Dataset '{name}' of '{Path}' holds values of the type {Type(dataset)}; give strings{(mayBeNumbers ? " or integers of 32 or 64 bits" : "")}.");
        }

        if (!fits(dataset.Space.Dimensions))
        {
            throw new InvalidDataException($"Dataset '{name}' of '{Path}' has the shape {Shape(dataset)}; with its images it must be {expected}.");
        }

        return !isNumber ? Array.ConvertAll(dataset.Read<string[]>(), text => text?.Trim()!)
            : dataset.Type.Size == sizeof(int) ? Array.ConvertAll(dataset.Read<int[]>(), number => number.ToString(CultureInfo.InvariantCulture))
            : Array.ConvertAll(dataset.Read<long[]>(), number => number.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>An image of a dataset.</summary>
    /// <param name="name">The dataset.</param>
    /// <param name="shape">Size of the image.</param>
    /// <param name="row">Its place in the dataset.</param>
    /// <exception cref="InvalidDataException">There is no such dataset, or it has another type.</exception>
    public ImagePixels ReadPixels(string name, ImageShape shape, int row)
    {
        var dataset = Require(name);
        return (dataset.Type.Class, dataset.Type.Size) switch
        {
            (H5DataTypeClass.FixedPoint, 1) when !dataset.Type.FixedPoint.IsSigned => new ImagePixels(shape, ReadRow<byte>(dataset, row)),
            (H5DataTypeClass.FixedPoint, 2) when !dataset.Type.FixedPoint.IsSigned => new ImagePixels(shape, ReadRow<ushort>(dataset, row)),
            (H5DataTypeClass.FloatingPoint, 2) => new ImagePixels(shape, Array.ConvertAll(ReadRow<Half>(dataset, row), value => (float)value)),
            (H5DataTypeClass.FloatingPoint, 4) => new ImagePixels(shape, ReadRow<float>(dataset, row)),
            (H5DataTypeClass.FloatingPoint, 8) => new ImagePixels(shape, Array.ConvertAll(ReadRow<double>(dataset, row), value => (float)value)),
            _ => throw new InvalidDataException(
                $"Dataset '{name}' of '{Path}' holds values of the type {Type(dataset)}; give unsigned integers of 8 or 16 bits, or floating-point numbers."),
        };
    }

    /// <summary>The values at a place of the first axis of a dataset.</summary>
    public static T[] ReadRow<T>(IH5Dataset dataset, int index)
    {
        var size = dataset.Space.Dimensions.ToArray();
        var start = new ulong[size.Length];
        start[0] = (ulong)index;
        size[0] = 1;
        return dataset.Read<T[]>(fileSelection: new HyperslabSelection(size.Length, start, size));
    }

    /// <summary>An error that tells what the file holds and what is expected.</summary>
    /// <param name="what">What is wrong, a sentence without its full stop.</param>
    public InvalidDataException Fault(string what)
    {
        var datasets = Datasets().Take(NamedAtMost + 1).ToList();
        var named = string.Join(", ", datasets.Take(NamedAtMost).Select(item => $"{item.Path} {Shape(item.Dataset)} ({Type(item.Dataset)})"));
        return new InvalidDataException(
            $"{what}. The file holds {(datasets.Count == 0 ? "no dataset" : named)}{(datasets.Count > NamedAtMost ? " and more" : "")}. Expected are datasets "
            + "such as images [100, 128, 128] or [100, 3, 128, 128] (images, channels, height, width) of 8 or 16 bits or floating-point numbers, masks "
            + $"[100, 4, 128, 128] of bytes and subjects [100] of strings; name others with {nameof(ReadingOptions.Hdf5Images)} and "
            + $"{nameof(ReadingOptions.Hdf5Masks)} (--hdf5-images, --hdf5-masks).");
    }

    /// <summary>The shape of a dataset in words.</summary>
    public static string Shape(IH5Dataset dataset) => $"[{string.Join(", ", dataset.Space.Dimensions)}]";

    /// <summary>The type of a dataset's values in words.</summary>
    public static string Type(IH5Dataset dataset) => dataset.Type switch
    {
        { Class: H5DataTypeClass.FixedPoint } type => $"{(type.FixedPoint.IsSigned ? "int" : "uint")}{type.Size * 8}",
        { Class: H5DataTypeClass.FloatingPoint } type => $"float{type.Size * 8}",
        { Class: H5DataTypeClass.String or H5DataTypeClass.VariableLength } => "strings",
        var type => $"{type.Class}",
    };
}
