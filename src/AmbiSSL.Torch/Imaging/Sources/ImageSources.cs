using AmbiSSL.Torch.Foundation;

namespace AmbiSSL;

/// <summary>Opens data sets of any of the known formats.</summary>
public static class ImageSources
{
    private const string OfFolder = "images/ID.png with masks/ID_r1.png and index.csv";
    private const string OfLidc = "PATIENT/nodule-N/images/slice-K.png with mask-0/slice-K.png";
    private const string OfIsic = "ID.jpg with ID_segmentation_0.png";

    /// <summary>
    /// Recognizes a data set by what is there and opens it: outlines (a file <c>*.json</c>, <see cref="OutlinedImages"/>), another
    /// file as HDF5 (<see cref="HdfImages"/>), a folder with <c>images</c>
    /// (<see cref="ImageFolder"/>), patients with nodules (<see cref="LidcSliceFolder"/>), or JPEG files (<see cref="IsicFolder"/>).
    /// </summary>
    /// <param name="path">A file or folder.</param>
    /// <param name="preprocessing">Cropping or resizing; null for neither.</param>
    /// <param name="reading">How files are read; null for the default values.</param>
    /// <exception cref="FileNotFoundException">There is neither a file nor a folder of this name.</exception>
    /// <exception cref="InvalidDataException">The folder has none of the known layouts or several, or the data set is faulty.</exception>
    public static ImageSource Open(string path, Preprocessing? preprocessing = null, ReadingOptions? reading = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!Directory.Exists(path))
        {
            RegularFile.Require(path, "Data set");
            return OutlinedImages.Recognizes(path)
                ? OutlinedImages.Open(path, preprocessing, reading)
                : HdfImages.Open(path, preprocessing, reading);
        }

        // A photograph that lies beside the folders of another layout makes no layout of its own.
        var isFolder = ImageFolder.Recognizes(path);
        var isLidc = LidcSliceFolder.Recognizes(path);
        var isIsic = isFolder || isLidc ? IsicFolder.HasMasks(path) : IsicFolder.Recognizes(path);
        return (isFolder, isLidc, isIsic) switch
        {
            (true, false, false) => ImageFolder.Open(path, preprocessing, reading),
            (false, true, false) => LidcSliceFolder.Open(path, preprocessing, reading),
            (false, false, true) => IsicFolder.Open(path, preprocessing, reading),
            (false, false, false) => throw new InvalidDataException(
                $"Folder '{path}' has none of the known layouts: {OfFolder}; {OfLidc}; or {OfIsic}."),
            _ => throw new InvalidDataException(
                $"Folder '{path}' fits several layouts: {string.Join("; ", Names(isFolder, isLidc, isIsic))}. Move one of them to a folder of its own, or "
                + "open the folder with the class of one layout."),
        };
    }

    private static IEnumerable<string> Names(bool isFolder, bool isLidc, bool isIsic)
    {
        if (isFolder)
        {
            yield return $"{OfFolder} ({nameof(ImageFolder)})";
        }

        if (isLidc)
        {
            yield return $"{OfLidc} ({nameof(LidcSliceFolder)})";
        }

        if (isIsic)
        {
            yield return $"{OfIsic} ({nameof(IsicFolder)})";
        }
    }
}
