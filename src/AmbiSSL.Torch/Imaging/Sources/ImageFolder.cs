using AmbiSSL.Torch.Imaging;

namespace AmbiSSL;

/// <summary>
/// The folder format of this library: <c>images/ID.png</c>, <c>masks/ID_r1.png</c>, <c>masks/ID_r2.png</c>, … and <c>index.csv</c>
/// with at least the columns <c>id,subject,annotators</c>.
/// </summary>
/// <remarks>
/// The number in a mask's name orders the masks of an image; gaps are allowed. An image without masks is unlabeled. The channels of an image may be files
/// of their own, <c>images/ID_0000.png</c>, <c>images/ID_0001.png</c> and so on (<see cref="ReadingOptions.ChannelFiles"/>). The index chooses the
/// images and their order; a column <c>fold</c> is used where there is one, further columns are kept in <see cref="ImageRecord.Columns"/>.
/// A column <c>readers</c> says who drew the masks: their names in the order of the masks, separated by semicolons. Without it nobody is
/// known, unless the folder is opened with <see cref="ReadingOptions.Readers"/> by number.
/// Without an index, every image is taken in ordinal order, each its own subject. Names of folders, of the index and of extensions may be in
/// capitals; hidden files are not looked at, and other files that are not read are in <see cref="ImageSource.LeftOut"/>.
/// Images are JPEG, or PNG of 1 to 16 bits, gray or color, multiplied by their alpha. Masks hold 0 beside one value above half of the range (above 127 for
/// 8 bits), the foreground, unless <see cref="ReadingOptions.ForegroundValues"/> says more.
/// </remarks>
public sealed class ImageFolder : ImageFileSource
{
    private ImageFolder(
        string path, IReadOnlyList<ImageRecord> records, IReadOnlyList<LeftOutFile> leftOut, Preprocessing? preprocessing, ReadingOptions? reading)
        : base(path, records, leftOut, preprocessing, reading)
    {
    }

    /// <summary>
    /// Opens a folder: reads and checks its index and finds its files; pixels are read later, by <see cref="ImageSource.Read"/>.
    /// </summary>
    /// <param name="path">The folder that holds <c>images</c>.</param>
    /// <param name="preprocessing">Cropping or resizing; null for neither.</param>
    /// <param name="reading">How files are read; null for the default values.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder, or it holds no folder <c>images</c>.</exception>
    /// <exception cref="FileNotFoundException">The index names an image that is not there.</exception>
    /// <exception cref="InvalidDataException">
    /// The index is malformed, disagrees with the files, or the first image cannot be read.
    /// </exception>
    /// <exception cref="ArgumentException">Both a crop and a new size are given, or a number is out of its range.</exception>
    public static ImageFolder Open(string path, Preprocessing? preprocessing = null, ReadingOptions? reading = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var (records, leftOut) = FolderListing.Read(path, FileKind.Pictures, reading);
        return new ImageFolder(path, records, leftOut, preprocessing, reading);
    }

    /// <summary>
    /// Writes a data set in the folder format. Everything is written under a temporary name beside the folder, the index last, and
    /// renamed at the end: the folder is there whole or not at all. Pixels that masks ignore become 127, which reading refuses until it is told to ignore
    /// it.
    /// </summary>
    /// <param name="source">
    /// The data set, with 1 or 3 channels. Integers are written as they are; floating-point values, from 0 to 1, with 16 bits.
    /// </param>
    /// <param name="path">The folder to make; it must not exist, or be empty.</param>
    /// <exception cref="IOException">The folder holds something already, or cannot be written.</exception>
    /// <exception cref="ArgumentException">
    /// An image holds values outside 0 to 1 or has neither 1 nor 3 channels, an id is no file name, or one of several classes that overlap has a name
    /// that is none.
    /// </exception>
    public static void Save(ImageSource source, string path)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrEmpty(path);
        ImageFolderWriter.Write(source, path);
    }
}
