using AmbiSSL.Torch.Foundation;

namespace AmbiSSL;

/// <summary>Opens data sets of any of the known formats.</summary>
public static class ImageSources
{
    /// <summary>
    /// Recognizes a data set by what is there and opens it: outlines (a file <c>*.json</c>, <see cref="OutlinedImages"/>), another
    /// file as HDF5 (<see cref="HdfImages"/>), a folder with <c>images</c>
    /// (<see cref="ImageFolder"/>), patients with nodules (<see cref="LidcSliceFolder"/>), or JPEG files (<see cref="IsicFolder"/>).
    /// </summary>
    /// <param name="path">A file or folder.</param>
    /// <param name="preprocessing">Cropping or resizing; null for neither.</param>
    /// <param name="reading">How files are read; null for the default values.</param>
    /// <exception cref="FileNotFoundException">There is neither a file nor a folder of this name.</exception>
    /// <exception cref="InvalidDataException">The folder has none of the known layouts, or the data set is faulty.</exception>
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

        if (ImageFolder.Recognizes(path))
        {
            return ImageFolder.Open(path, preprocessing, reading);
        }

        if (LidcSliceFolder.Recognizes(path))
        {
            return LidcSliceFolder.Open(path, preprocessing, reading);
        }

        return IsicFolder.Recognizes(path)
            ? IsicFolder.Open(path, preprocessing, reading)
            : throw new InvalidDataException(
                $"Folder '{path}' has none of the known layouts: images/ID.png with masks/ID_r1.png and index.csv; "
                + "PATIENT/nodule-N/images/slice-K.png with mask-0/slice-K.png; or ID.jpg with ID_segmentation_0.png.");
    }
}
