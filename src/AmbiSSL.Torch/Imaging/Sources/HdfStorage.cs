using System.Reflection;
using PureHDF;

namespace AmbiSSL.Torch.Imaging;

/// <summary>
/// How a dataset of an HDF5 file is stored, where PureHDF would read other values than were written, or other files. It tells that by internal members alone.
/// </summary>
internal static class HdfStorage
{
    private const int IsUnfilteredAtBorder = 1;

    /// <summary>What is not read of how a dataset is stored and what to do, as the rest of a sentence; null where it is read as it was written.</summary>
    public static string? Fault(IH5Dataset dataset) => dataset.Type.Class switch
    {
        _ when dataset.Layout.Class == H5DataLayoutClass.VirtualStorage || Member(dataset, "InternalExternalFileList") is not null =>
            "has its values in other files; copy them into this one",
        H5DataTypeClass.FloatingPoint when !IsIeee(dataset) =>
            "holds floating-point numbers of another kind than IEEE 754 has, such as bfloat16; write it with float16, float32 or float64",
        H5DataTypeClass.FixedPoint when Number(TypeOf(dataset), "BitOffset") is > 0 and var bit =>
            $"holds integers that begin at bit {bit} of their bytes; write it with integers that fill them",
        _ => LayoutFault(dataset),
    };

    private static bool IsIeee(IH5Dataset dataset)
    {
        var type = TypeOf(dataset);
        return (dataset.Type.Size, Number(type, "ExponentSize"), Number(type, "ExponentBias")) is (2, 5, 15) or (4, 8, 127) or (8, 11, 1023);
    }

    // Chunks of the newest format are counted in the size that a dataset may grow to, which PureHDF 2.2 takes for the one that it has.
    private static string? LayoutFault(IH5Dataset dataset)
    {
        var storage = Member(Member(dataset, "InternalDataLayout")!, "Properties")!;
        if (dataset.Layout.Class != H5DataLayoutClass.Chunked || storage.GetType().GetProperty("IndexingInformation") is null)
        {
            return null;
        }

        var (size, most) = (dataset.Space.Dimensions, dataset.Space.MaxDimensions);
        return Number(storage, "Flags") == IsUnfilteredAtBorder ? "has chunks at its border that no filter was applied to; write it without that option"
            : most.Count(length => length == ulong.MaxValue) < 2 && !size.Skip(1).SequenceEqual(most.Skip(1))
                ? "may grow along another axis than its first one (maxshape of h5py), in the newest file format; write it without, or with libver='earliest'"
            : null;
    }

    // Numbers have one description.
    private static object TypeOf(IH5Dataset dataset) => ((Array)Member(Member(dataset, "InternalDataType")!, "Properties")!).GetValue(0)!;

    private static int Number(object owner, string member) => Convert.ToInt32(Member(owner, member), null);

    private static object? Member(object owner, string name) =>
        owner.GetType().GetProperty(name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)!.GetValue(owner);
}
