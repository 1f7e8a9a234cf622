using System.Globalization;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Imaging;

namespace AmbiSSL;

/// <summary>
/// The folder format of this library: <c>images/ID.png</c>, <c>masks/ID_r1.png</c>, <c>masks/ID_r2.png</c>, … and <c>index.csv</c>
/// with at least the columns <c>id,subject,annotators</c>.
/// </summary>
/// <remarks>
/// The number in a mask's name orders the masks of an image; gaps are allowed. An image without masks is unlabeled. The index chooses the
/// images and their order; a column <c>fold</c> is used where there is one, further columns are kept in <see cref="ImageRecord.Columns"/>.
/// A column <c>readers</c> says who drew the masks: their names in the order of the masks, separated by semicolons. Without it nobody is
/// known, unless the folder is opened with <see cref="ReadingOptions.Readers"/> by number.
/// Without an index, every <c>images/*.png</c> is taken in ordinal order, each its own subject.
/// Images are PNG of 1 to 16 bits, gray or color, without their alpha. Masks hold 0 beside one value above half of the range (above 127 for
/// 8 bits), the foreground, unless <see cref="ReadingOptions.ForegroundValues"/> says more.
/// </remarks>
public sealed class ImageFolder : ImageFileSource
{
    internal const string IndexName = "index.csv";
    internal const string ImagesName = "images";
    internal const string MasksName = "masks";

    private ImageFolder(
        string path, IReadOnlyList<ImageRecord> records, Preprocessing? preprocessing, ReadingOptions? reading)
        : base(path, records, preprocessing, reading)
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
        var images = System.IO.Path.Combine(path, ImagesName);
        if (!Directory.Exists(images))
        {
            throw new DirectoryNotFoundException(
                $"Folder '{images}' does not exist; a data set has the folders images and masks and the file index.csv.");
        }

        var masks = FindMasks(System.IO.Path.Combine(path, MasksName));
        var index = System.IO.Path.Combine(path, IndexName);
        var byNumber = reading is { IsByNumber: true };
        var records = File.Exists(index) ? ReadIndex(index, images, masks, byNumber) : ListImages(images, masks, byNumber);
        return new ImageFolder(path, records, preprocessing, reading);
    }

    /// <summary>
    /// Writes a data set in the folder format. Everything is written under a temporary name beside the folder, the index last, and
    /// renamed at the end: the folder is there whole or not at all.
    /// </summary>
    /// <param name="source">
    /// The data set, with 1 or 3 channels. Integers are written as they are; floating-point values, from 0 to 1, with 16 bits.
    /// </param>
    /// <param name="path">The folder to make; it must not exist, or be empty.</param>
    /// <exception cref="IOException">The folder holds something already, or cannot be written.</exception>
    /// <exception cref="ArgumentException">
    /// An image holds values outside 0 to 1 or has neither 1 nor 3 channels, or an id is no file name.
    /// </exception>
    public static void Save(ImageSource source, string path)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrEmpty(path);
        ImageFolderWriter.Write(source, path);
    }

    internal static bool IsFileName(string id) => id.IndexOfAny(['/', '\\', ':']) < 0 && !id.Any(char.IsControl);

    /// <summary>True when the folder looks like one of this format.</summary>
    internal static bool Recognizes(string path) =>
        Directory.Exists(System.IO.Path.Combine(path, ImagesName))
        && (File.Exists(System.IO.Path.Combine(path, IndexName))
            || Directory.EnumerateFiles(System.IO.Path.Combine(path, ImagesName), "*.png").Any());

    private static IReadOnlyList<ImageRecord> ReadIndex(
        string index, string images, Dictionary<string, SortedList<int, string>> masks, bool byNumber)
    {
        var records = new List<ImageRecord>();
        var rows = IndexFile.Read(index);
        var namesReaders = rows.Any(row => row.Readers.Count > 0);
        if (byNumber && namesReaders)
        {
            throw new InvalidDataException(
                $"Line {rows.First(row => row.Readers.Count > 0).Line} of '{index}' names readers, but readers are asked for by number; "
                + "remove the column readers, or do not ask for numbers.");
        }

        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            if (!lines.TryAdd(row.Id, row.Line))
            {
                throw new InvalidDataException(
                    $"Lines {lines[row.Id]} and {row.Line} of '{index}' have the same id '{row.Id}'; ids must be unique.");
            }

            if (!IsFileName(row.Id))
            {
                throw new InvalidDataException(
                    $"Line {row.Line} of '{index}' has the id '{row.Id}'; an id must not hold / \\ : or control characters because files are named after it.");
            }

            var imagePath = System.IO.Path.Combine(images, row.Id + ".png");
            if (!File.Exists(imagePath))
            {
                if (new FileInfo(imagePath).LinkTarget is not null)
                {
                    RegularFile.Require(imagePath, "Image file");
                }

                throw new FileNotFoundException(
                    $"Line {row.Line} of '{index}' names the image '{row.Id}', but '{imagePath}' does not exist.",
                    imagePath);
            }

            var found = masks.GetValueOrDefault(row.Id) ?? [];
            if (row.Annotators is { } annotators && annotators != found.Count)
            {
                throw new InvalidDataException(
                    $"Line {row.Line} of '{index}' gives image '{row.Id}' {Masks(annotators)}, but {found.Count} found in the folder masks"
                    + $"{(found.Count == 0 ? string.Empty : $" ({string.Join(", ", found.Values.Select(System.IO.Path.GetFileName))})")}; "
                    + "correct the number, or add or remove files.");
            }

            if (namesReaders && ReaderNames.Fault(row.Readers, found.Count) is { } fault)
            {
                throw new InvalidDataException(
                    $"Line {row.Line} of '{index}', image '{row.Id}': {fault}; the column readers must name whoever drew each mask, nobody "
                    + "twice, in the order of the masks' numbers with semicolons between them, such as anna;ben.");
            }

            records.Add(MakeRecord(
                row.Id, row.Subject, row.Fold, imagePath, found, byNumber ? ReaderNames.OfNumbers(found.Keys) : row.Readers, row.Columns));
        }

        return records;
    }

    private static string Masks(int count) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} annotator{(count == 1 ? string.Empty : "s")}");

    private static List<ImageRecord> ListImages(string images, Dictionary<string, SortedList<int, string>> masks, bool byNumber)
    {
        var ids = Directory.EnumerateFiles(images, "*.png")
            .Select(path => System.IO.Path.GetFileNameWithoutExtension(path))
            .Order(StringComparer.Ordinal)
            .ToList();
        if (masks.Keys.Except(ids).Order(StringComparer.Ordinal).FirstOrDefault() is { } orphan)
        {
            throw new InvalidDataException(
                $"Mask '{masks[orphan].Values[0]}' belongs to no image: "
                + $"'{System.IO.Path.Combine(images, orphan + ".png")}' does not exist.");
        }

        return ids.ConvertAll(id =>
        {
            var found = masks.GetValueOrDefault(id) ?? [];
            return MakeRecord(
                id,
                id,
                fold: null,
                System.IO.Path.Combine(images, id + ".png"),
                found,
                byNumber ? ReaderNames.OfNumbers(found.Keys) : [],
                new Dictionary<string, string>());
        });
    }

    private static ImageRecord MakeRecord(
        string id,
        string subject,
        int? fold,
        string imagePath,
        SortedList<int, string> masks,
        IReadOnlyList<string> readers,
        IReadOnlyDictionary<string, string> columns) => new()
        {
            Id = id,
            Subject = subject,
            Fold = fold,
            ImagePath = imagePath,
            MaskPaths = [.. masks.Values],
            Annotators = [.. masks.Keys],
            Readers = readers,
            Columns = columns,
        };

    // Mask files of each image by number. A file whose name does not end in _rNUMBER is none of ours.
    private static Dictionary<string, SortedList<int, string>> FindMasks(string folder)
    {
        var masks = new Dictionary<string, SortedList<int, string>>(StringComparer.Ordinal);
        if (!Directory.Exists(folder))
        {
            return masks;
        }

        foreach (var path in Directory.EnumerateFiles(folder, "*.png"))
        {
            var name = System.IO.Path.GetFileNameWithoutExtension(path);
            var mark = name.LastIndexOf("_r", StringComparison.Ordinal);
            if (mark <= 0 || !int.TryParse(name.AsSpan(mark + 2), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                continue;
            }

            var id = name[..mark];
            if (!masks.TryGetValue(id, out var numbered))
            {
                masks.Add(id, numbered = []);
            }

            if (!numbered.TryAdd(number, path))
            {
                throw new InvalidDataException($"Masks '{numbered[number]}' and '{path}' have the same number {number}; remove one.");
            }
        }

        return masks;
    }
}
