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
/// Without an index, every image is taken in ordinal order, each its own subject. Names of folders, of the index and of extensions may be in
/// capitals; hidden files are not looked at, and other files that are not read are in <see cref="ImageSource.LeftOut"/>.
/// Images are JPEG, or PNG of 1 to 16 bits, gray or color, without their alpha. Masks hold 0 beside one value above half of the range (above 127 for
/// 8 bits), the foreground, unless <see cref="ReadingOptions.ForegroundValues"/> says more.
/// </remarks>
public sealed class ImageFolder : ImageFileSource
{
    internal const string IndexName = "index.csv";
    internal const string ImagesName = "images";
    internal const string MasksName = "masks";

    private const string MaskMark = "_r";

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
        if (FindFolder(path, ImagesName) is not { } imagesFolder)
        {
            throw new DirectoryNotFoundException(
                $"Folder '{System.IO.Path.Combine(path, ImagesName)}' does not exist; a data set has the folders images and masks and the file index.csv.");
        }

        var masksFolder = FindFolder(path, MasksName);
        var index = FolderFiles.Find(FolderFiles.Files(path), IndexName);
        var leftOut = LeftOutBeside(path, imagesFolder, masksFolder, index).ToList();
        var images = FindImages(imagesFolder, leftOut);
        if (index is null)
        {
            LeaveOutMasks(images, leftOut);
        }

        var masks = FindMasks(masksFolder, images, leftOut);
        var byNumber = reading is { IsByNumber: true };
        var records = index is null ? ListImages(imagesFolder, images, masks, byNumber) : ReadIndex(index, imagesFolder, images, masks, byNumber, leftOut);
        return new ImageFolder(path, records, leftOut, preprocessing, reading);
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
        FindFolder(path, ImagesName) is { } images
        && (FolderFiles.Find(FolderFiles.Files(path), IndexName) is not null || FolderFiles.Files(images).Any(FolderFiles.IsImage));

    private static string? FindFolder(string path, string name) => Directory.Exists(path) ? FolderFiles.Find(FolderFiles.Folders(path), name) : null;

    private static IReadOnlyList<ImageRecord> ReadIndex(
        string index,
        string imagesFolder,
        SortedDictionary<string, string> images,
        Dictionary<string, SortedList<int, string>> masks,
        bool byNumber,
        List<LeftOutFile> leftOut)
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

            if (!images.TryGetValue(row.Id, out var imagePath))
            {
                var missing = System.IO.Path.Combine(imagesFolder, row.Id + ".png");
                throw new FileNotFoundException($"Line {row.Line} of '{index}' names the image '{row.Id}', but '{missing}' does not exist.", missing);
            }

            if (!File.Exists(imagePath))
            {
                RegularFile.Require(imagePath, "Image file");
            }

            var found = masks.GetValueOrDefault(row.Id) ?? [];
            if (row.Annotators is { } annotators && annotators != found.Count)
            {
                throw new InvalidDataException(
                    $"Line {row.Line} of '{index}' gives image '{row.Id}' {Masks(annotators)}, but {found.Count} found in the folder masks"
                    + $"{(found.Count == 0 ? string.Empty : $" ({string.Join(", ", found.Values.Select(System.IO.Path.GetFileName))})")}; "
                    + $"correct the number, or add or remove files.{(leftOut.Count == 0 ? "" : " " + LeftOutFile.Summarize(leftOut))}");
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

        leftOut.AddRange(images.Where(image => !lines.ContainsKey(image.Key)).Select(image => new LeftOutFile(image.Value, "is not in the index")));
        foreach (var (id, numbered) in masks.Where(mask => !lines.ContainsKey(mask.Key)).OrderBy(mask => mask.Key, StringComparer.Ordinal))
        {
            leftOut.AddRange(numbered.Values.Select(path => new LeftOutFile(
                path, "belongs to no image of the index",
                images.ContainsKey(id) ? null : MaskPath(System.IO.Path.GetFileNameWithoutExtension(path), path, MasksName, lines.Keys))));
        }

        return records;
    }

    private static string Masks(int count) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} annotator{(count == 1 ? string.Empty : "s")}");

    private static List<ImageRecord> ListImages(
        string imagesFolder, SortedDictionary<string, string> images, Dictionary<string, SortedList<int, string>> masks, bool byNumber)
    {
        if (masks.Keys.Except(images.Keys).Order(StringComparer.Ordinal).FirstOrDefault() is { } orphan)
        {
            throw new InvalidDataException(
                $"Mask '{masks[orphan].Values[0]}' belongs to no image: "
                + $"'{System.IO.Path.Combine(imagesFolder, orphan + ".png")}' does not exist.");
        }

        return images.Keys.ToList().ConvertAll(id =>
        {
            var found = masks.GetValueOrDefault(id) ?? [];
            return MakeRecord(
                id,
                id,
                fold: null,
                images[id],
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

    private static SortedDictionary<string, string> FindImages(string folder, List<LeftOutFile> leftOut)
    {
        var images = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in FolderFiles.Files(folder))
        {
            var id = System.IO.Path.GetFileNameWithoutExtension(path);
            if (!FolderFiles.IsImage(path))
            {
                leftOut.Add(new LeftOutFile(path, "is neither PNG nor JPEG by its name"));
            }
            else if (!images.TryAdd(id, path))
            {
                throw new InvalidDataException($"'{images[id]}' and '{path}' have the same name '{id}'; remove one.");
            }
        }

        leftOut.AddRange(FolderFiles.Folders(folder).Select(inner => new LeftOutFile(inner, "is a folder where files are expected")));
        return images;
    }

    /// <summary>Where no index says which files are images, one that is named as a mask of another is none.</summary>
    private static void LeaveOutMasks(SortedDictionary<string, string> images, List<LeftOutFile> leftOut)
    {
        foreach (var (name, path) in images.Where(image => MaskNames.IsMaskOf(image.Key, images.Keys)).ToList())
        {
            images.Remove(name);
            leftOut.Add(new LeftOutFile(path, "is named as a mask and lies among the images", MaskPath(name, path, MasksName, images.Keys)));
        }
    }

    /// <summary>Mask files of each image by number.</summary>
    private static Dictionary<string, SortedList<int, string>> FindMasks(
        string? folder, SortedDictionary<string, string> images, List<LeftOutFile> leftOut)
    {
        var masks = new Dictionary<string, SortedList<int, string>>(StringComparer.Ordinal);
        foreach (var path in folder is null ? [] : FolderFiles.Files(folder))
        {
            var name = System.IO.Path.GetFileNameWithoutExtension(path);
            if (!FolderFiles.IsImage(path) || MaskNames.Split(name, MaskMark) is not var (id, number))
            {
                leftOut.Add(new LeftOutFile(
                    path, $"is not named as a mask, ID{MaskMark}NUMBER.png", MaskPath(name, path, System.IO.Path.GetFileName(folder!), images.Keys)));
                continue;
            }

            if (!masks.TryGetValue(id, out var numbered))
            {
                masks.Add(id, numbered = []);
            }

            if (!numbered.TryAdd(number, path))
            {
                throw new InvalidDataException($"Masks '{numbered[number]}' and '{path}' have the same number {number}; remove one.");
            }
        }

        leftOut.AddRange((folder is null ? [] : FolderFiles.Folders(folder)).Select(inner => new LeftOutFile(
            inner, "is a folder where files are expected", System.IO.Path.Combine(folder!, $"ID{MaskMark}{MaskNames.NumberIn(System.IO.Path.GetFileName(inner), "1")}.png"))));
        return masks;
    }

    private static string? MaskPath(string name, string path, string folder, IReadOnlyCollection<string> ids) => ids.Count == 0
        ? null
        : System.IO.Path.Combine(
            System.IO.Path.GetDirectoryName(System.IO.Path.GetDirectoryName(path))!,
            folder,
            MaskNames.Nearest(name, ids, MaskMark, "1") + ".png");

    /// <summary>What lies beside images, masks and index, and may be meant as one of them.</summary>
    private static IEnumerable<LeftOutFile> LeftOutBeside(string path, string images, string? masks, string? index)
    {
        foreach (var folder in FolderFiles.Folders(path).Where(folder => folder != images && folder != masks))
        {
            yield return new LeftOutFile(folder, "is neither images nor masks", masks is null ? System.IO.Path.Combine(path, MasksName) : null);
        }

        foreach (var file in FolderFiles.Files(path).Where(file => file != index))
        {
            if (System.IO.Path.GetFileName(file).StartsWith("index", StringComparison.OrdinalIgnoreCase)
                || System.IO.Path.GetExtension(file).Equals(".csv", StringComparison.OrdinalIgnoreCase))
            {
                yield return new LeftOutFile(file, "is not the index", index is null ? System.IO.Path.Combine(path, IndexName) : null);
            }
            else if (FolderFiles.IsPicture(file))
            {
                yield return new LeftOutFile(file, "lies outside of images and masks");
            }
        }
    }
}
