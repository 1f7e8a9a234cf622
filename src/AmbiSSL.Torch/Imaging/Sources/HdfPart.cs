namespace AmbiSSL.Torch.Imaging;

/// <summary>Images of an HDF5 file that are in one dataset, and their masks.</summary>
/// <param name="Name">The group of a public file of LIDC that they are in; empty where the file is none.</param>
/// <param name="Images">The dataset of images.</param>
/// <param name="Masks">That of masks; null where there is none.</param>
/// <param name="Count">Number of images.</param>
internal sealed record HdfPart(string Name, string Images, string? Masks, int Count)
{
    /// <summary>What is added to floating-point images of a public file of LIDC.</summary>
    public const float Shift = 0.5f;

    /// <summary>The groups of public files of LIDC.</summary>
    public static readonly string[] LidcNames = ["train", "val", "test"];

    private const string ImagesName = "images";
    private const string MasksName = "masks";
    private const string LidcMasksName = "labels";
    private const string SubjectsName = "subjects";
    private const string LidcSubjectsName = "uids";
    private const string ReadersName = "readers";
    private const int MostImages = 1_000_000;

    /// <summary>Whether it is a group of a public file of LIDC.</summary>
    public bool IsLidc => Name.Length > 0;

    /// <summary>Finds the images of a file: those that are named, else <c>images</c>, else those of a public file of LIDC.</summary>
    /// <exception cref="InvalidDataException">There are none, or too many, or what may be their masks has another name.</exception>
    public static HdfPart[] Find(HdfContents contents, ReadingOptions reading)
    {
        if (reading.Hdf5Images is null && reading.Hdf5Masks is null && !contents.Has(ImagesName))
        {
            HdfPart[] parts =
            [
                .. LidcNames.Where(name => contents.Has($"{name}/{ImagesName}") && contents.Has($"{name}/{LidcMasksName}"))
                    .Select(name => Make(contents, name, $"{name}/{ImagesName}", $"{name}/{LidcMasksName}")),
            ];
            if (parts.Length > 0)
            {
                return parts;
            }
        }

        var images = reading.Hdf5Images ?? ImagesName;
        var masks = reading.Hdf5Masks is null ? contents.Beside(images, MasksName) : reading.Hdf5Masks.Length > 0 ? reading.Hdf5Masks : null;
        var part = Make(contents, "", images, masks);
        if (masks is null && reading is { Hdf5Masks: null, WithoutMasks: false })
        {
            part.RequireNoOtherMasks(contents);
        }

        return [part];
    }

    /// <summary>The dataset of subjects; null where there is none.</summary>
    public string? Subjects(HdfContents contents) => contents.Beside(Images, IsLidc ? LidcSubjectsName : SubjectsName);

    /// <summary>The dataset of readers; null where there is none.</summary>
    public string? Readers(HdfContents contents) => IsLidc ? null : contents.Beside(Images, ReadersName);

    /// <summary>Whether the masks of an image are the last axis of their dataset.</summary>
    /// <param name="dimensions">Of the dataset of masks.</param>
    /// <param name="shape">Size of an image.</param>
    public bool AreMasksLast(ulong[] dimensions, ImageShape shape) => IsLidc || !AreMasksFirst(dimensions, shape);

    /// <summary>Whether the last axes of a dataset of masks are the height and width of an image.</summary>
    public static bool AreMasksFirst(ulong[] dimensions, ImageShape shape) =>
        dimensions[^2] == (ulong)shape.Height && dimensions[^1] == (ulong)shape.Width;

    private static HdfPart Make(HdfContents contents, string name, string images, string? masks)
    {
        var dataset = contents.Require(images);
        var dimensions = dataset.Space.Dimensions;
        if (dimensions.Length is not (3 or 4) || dimensions.Any(dimension => dimension is 0 or > int.MaxValue))
        {
            throw contents.Fault(
                $"Dataset '{images}' of '{contents.Path}' has the shape {HdfContents.Shape(dataset)}; it must be [N, C, H, W] or [N, H, W], none of them 0");
        }

        // An array of zeros takes no bytes in a file, however many it says it has.
        return dimensions[0] <= MostImages
            ? new HdfPart(name, images, masks, (int)dimensions[0])
            : throw new InvalidDataException(
                $"Dataset '{images}' of '{contents.Path}' has {dimensions[0]} images; at most {MostImages} are read, so divide the file.");
    }

    /// <summary>Images are not unlabeled because their masks have another name.</summary>
    private void RequireNoOtherMasks(HdfContents contents)
    {
        var other = contents.Datasets().FirstOrDefault(
            item => item.Path != Images && item.Dataset.Space.Dimensions is { Length: >= 3 } dimensions && dimensions[0] == (ulong)Count);
        if (other.Path is not null)
        {
            throw contents.Fault(
                $"'{contents.Path}' has no dataset '{MasksName}', but '{other.Path}' {HdfContents.Shape(other.Dataset)}, which may be the masks: "
                + "name them, or give an empty name where the images are unlabeled");
        }
    }
}
