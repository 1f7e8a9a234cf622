using AmbiSSL.Torch.Imaging;

namespace AmbiSSL;

/// <summary>
/// Images in nnU-Net's layout: <c>imagesTr/ID_0000.png</c>, <c>ID_0001.png</c> and so on, a file for each channel, with <c>labelsTr/ID.png</c> and
/// <c>dataset.json</c>.
/// </summary>
/// <remarks>
/// The label file of an image is one mask, of a reader who is not known; an image without one is unlabeled. What of it is foreground says
/// <c>dataset.json</c>, where it names one label; of several, <see cref="ReadingOptions.Category"/> chooses one by name. Its label <c>ignore</c> is ignored.
/// Without that file <see cref="ReadingOptions.ForegroundValues"/> says it. Each image is its own subject. A folder <c>imagesTs</c> is opened by its own name.
/// </remarks>
public sealed class NnUNetFolder : ImageFileSource
{
    private NnUNetFolder(
        string path, IReadOnlyList<ImageRecord> records, IReadOnlyList<LeftOutFile> leftOut, Preprocessing? preprocessing, ReadingOptions reading)
        : base(path, records, leftOut, preprocessing, reading)
    {
    }

    /// <summary>Opens a folder and lists its images; pixels are read later, by <see cref="ImageSource.Read"/>.</summary>
    /// <param name="path">The folder that holds <c>imagesTr</c>, or a folder <c>imagesTr</c> or <c>imagesTs</c> itself.</param>
    /// <param name="preprocessing">Cropping or resizing; null for neither.</param>
    /// <param name="reading">How files are read; null for the default values.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">
    /// A channel is missing, a label file has no image, the foreground is not known, or the first image cannot be read.
    /// </exception>
    /// <exception cref="ArgumentException">Both a crop and a new size are given, or a number is out of its range.</exception>
    public static NnUNetFolder Open(string path, Preprocessing? preprocessing = null, ReadingOptions? reading = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var (records, leftOut, own) = NnUNetListing.Read(path, FileKind.Pictures, reading);
        return new NnUNetFolder(path, records, leftOut, preprocessing, own);
    }
}
