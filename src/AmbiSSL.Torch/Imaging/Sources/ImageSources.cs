using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Imaging;

namespace AmbiSSL;

/// <summary>Opens data sets of any of the known formats.</summary>
public static class ImageSources
{
    private const int NamedAtMost = 3;
    private const string OfFolder = "images/ID.png with masks/ID_r1.png and index.csv";
    private const string OfLidc = "PATIENT/nodule-N/images/slice-K.png with mask-0/slice-K.png";
    private const string OfIsic = "ID.jpg with ID_segmentation_0.png";
    private const string OfVolumes = "images/ID.nii.gz with masks/ID_r1.nii.gz and index.csv, or volumes alone";
    private const string OfNnUNet = "imagesTr/ID_0000.png with labelsTr/ID.png and dataset.json";

    /// <summary>
    /// Recognizes a data set by what is there and opens it: outlines (a file <c>*.json</c>, <see cref="OutlinedImages"/>), volumes (<c>*.nii</c>,
    /// <c>*.nii.gz</c>, or a folder of them, <see cref="NiftiImages"/>), another file as HDF5 (<see cref="HdfImages"/>), a folder with <c>images</c>
    /// (<see cref="ImageFolder"/>) or <c>imagesTr</c> (<see cref="NnUNetFolder"/>), patients with nodules (<see cref="LidcSliceFolder"/>), or JPEG files
    /// (<see cref="IsicFolder"/>).
    /// </summary>
    /// <param name="path">A file or folder.</param>
    /// <param name="preprocessing">Cropping or resizing; null for neither.</param>
    /// <param name="reading">How files are read; null for the default values.</param>
    /// <exception cref="FileNotFoundException">There is neither a file nor a folder of this name.</exception>
    /// <exception cref="InvalidDataException">
    /// The folder has none of the known layouts or several, the data set is faulty, or an option is given that this layout does not have.
    /// </exception>
    public static ImageSource Open(string path, Preprocessing? preprocessing = null, ReadingOptions? reading = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var source = OpenAny(path, preprocessing, reading);
        RequireUsed(reading?.Hdf5Images, source is HdfImages, nameof(ReadingOptions.Hdf5Images), "an HDF5 file");
        RequireUsed(reading?.Hdf5Masks, source is HdfImages, nameof(ReadingOptions.Hdf5Masks), "an HDF5 file");
        RequireUsed(
            reading?.Category,
            source is OutlinedImages || NnUNetListing.Recognizes(path),
            nameof(ReadingOptions.Category),
            "a file of outlines, or nnU-Net's layout");
        RequireUsed(reading?.ChannelFiles, source is ImageFolder or NiftiImages, nameof(ReadingOptions.ChannelFiles), "a folder with images");
        RequireUsed(reading?.SliceAxis, source is NiftiImages, nameof(ReadingOptions.SliceAxis), "a set of NIfTI volumes");
        return source;

        void RequireUsed(object? value, bool isUsed, string option, string kind)
        {
            if (value is not null && !isUsed)
            {
                throw new InvalidDataException($"'{path}' is not {kind}, and {option} is of such alone; leave it out.");
            }
        }
    }

    private static ImageSource OpenAny(string path, Preprocessing? preprocessing, ReadingOptions? reading)
    {
        if (!Directory.Exists(path))
        {
            RegularFile.Require(path, "Data set");
            if (FileKind.Pictures.Has(path))
            {
                throw new InvalidDataException(
                    $"'{path}' is a single image; put it into a folder '{FolderListing.ImagesName}', and give the folder that holds that one.");
            }

            return OutlinedImages.Recognizes(path) ? OutlinedImages.Open(path, preprocessing, reading)
                : FileKind.Volumes.Has(path) ? NiftiImages.Open(path, preprocessing, reading)
                : HdfImages.Open(path, preprocessing, reading);
        }

        var fitting = new List<(string Layout, Func<ImageSource> Open)>();
        if (FolderListing.Recognizes(path, FileKind.Pictures))
        {
            fitting.Add(($"{OfFolder} ({nameof(ImageFolder)})", () => ImageFolder.Open(path, preprocessing, reading)));
        }

        if (NnUNetListing.Recognizes(path))
        {
            fitting.Add(($"{OfNnUNet} ({nameof(NnUNetFolder)})", () => NnUNetListing.HasVolumes(path)
                ? NiftiImages.Open(path, preprocessing, reading)
                : NnUNetFolder.Open(path, preprocessing, reading)));
        }

        if (FolderListing.Recognizes(path, FileKind.Volumes) || (fitting.Count == 0 && NiftiImages.Recognizes(path)))
        {
            fitting.Add(($"{OfVolumes} ({nameof(NiftiImages)})", () => NiftiImages.Open(path, preprocessing, reading)));
        }

        if (LidcSliceFolder.Recognizes(path))
        {
            fitting.Add(($"{OfLidc} ({nameof(LidcSliceFolder)})", () => LidcSliceFolder.Open(path, preprocessing, reading)));
        }

        // A photograph that lies beside the folders of another layout makes no layout of its own.
        if (fitting.Count > 0 ? IsicFolder.HasMasks(path) : IsicFolder.Recognizes(path))
        {
            fitting.Add(($"{OfIsic} ({nameof(IsicFolder)})", () => IsicFolder.Open(path, preprocessing, reading)));
        }

        return fitting.Count switch
        {
            1 => fitting[0].Open(),
            0 => throw new InvalidDataException(
                $"Folder '{path}' has none of the known layouts: {OfFolder}; {OfVolumes}; {OfNnUNet}; {OfLidc}; or {OfIsic}. {Contents(path)}"),
            _ => throw new InvalidDataException(
                $"Folder '{path}' fits several layouts: {string.Join("; ", fitting.Select(layout => layout.Layout))}. "
                + "Move one of them to a folder of its own, or open the folder with the class of one layout."),
        };
    }

    /// <summary>What is there in place of a layout.</summary>
    private static string Contents(string path)
    {
        var images = FolderFiles.Find(FolderFiles.Folders(path), FolderListing.ImagesName);
        var folder = images ?? path;
        string[] names =
            [.. FolderFiles.Folders(folder).Concat(FolderFiles.Files(folder)).Select(name => Path.GetFileName(name)).Order(StringComparer.Ordinal)];
        var rest = names.Length - NamedAtMost;
        return names.Length == 0
            ? $"'{folder}' is empty."
            : $"'{folder}' holds {string.Join(", ", names.Take(NamedAtMost))}{(rest > 0 ? FormattableString.Invariant($" and {rest} more") : "")}; images are "
                + $"PNG, JPEG or NIfTI files{(images is null ? $" in a folder '{FolderListing.ImagesName}' of it" : "")}.";
    }
}
