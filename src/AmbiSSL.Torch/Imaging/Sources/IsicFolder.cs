using AmbiSSL.Torch.Imaging;

namespace AmbiSSL;

/// <summary>
/// Skin images as the ISIC archive names them, all in one folder: <c>ID.jpg</c> with the masks <c>ID_segmentation_0.png</c>,
/// <c>ID_segmentation_1.png</c>, …
/// </summary>
/// <remarks>
/// Every image is its own subject. The only mask of an image may be without number, and masks may be JPEG: what is named as a mask is never an
/// image. The number in a mask's name orders the masks of an image; gaps are allowed, and an image without masks
/// is unlabeled. Who drew a mask is not known, unless the folder is opened with <see cref="ReadingOptions.Readers"/> by number. Images come
/// in ordinal order. They differ in size: open them with <see cref="Preprocessing.Resize"/>.
/// </remarks>
public sealed class IsicFolder : ImageFileSource
{
    private const string MaskMark = "_segmentation";

    private IsicFolder(
        string path, IReadOnlyList<ImageRecord> records, IReadOnlyList<LeftOutFile> leftOut, Preprocessing? preprocessing, ReadingOptions? reading)
        : base(path, records, leftOut, preprocessing, reading)
    {
    }

    /// <summary>Opens a folder and lists its images; pixels are read later, by <see cref="ImageSource.Read"/>.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="preprocessing">Cropping or resizing; null for neither.</param>
    /// <param name="reading">How files are read; null for the default values.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">It holds no images, a mask has no image, or the first image cannot be read.</exception>
    /// <exception cref="ArgumentException">Both a crop and a new size are given, or a number is out of its range.</exception>
    public static IsicFolder Open(string path, Preprocessing? preprocessing = null, ReadingOptions? reading = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!Directory.Exists(path))
        {
            throw new DirectoryNotFoundException($"Folder '{path}' does not exist.");
        }

        if (reading is { Classes: { } classes })
        {
            throw new InvalidDataException(
                $"Folder '{path}' has the layout of ISIC, whose masks are of the lesion alone, but the classes '{classes}' are asked for; "
                + "leave them out, or lay the files out as ID.jpg in images and ID_r1.png in masks.");
        }

        var images = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var image in FolderFiles.Files(path).Where(IsPhotograph))
        {
            var id = System.IO.Path.GetFileNameWithoutExtension(image);
            if (!images.TryAdd(id, image))
            {
                throw new InvalidDataException($"'{images[id]}' and '{image}' have the same name '{id}'; remove one.");
            }
        }

        var leftOut = new List<LeftOutFile>();
        foreach (var name in images.Keys.Where(name => MaskNames.IsMaskOf(name, images.Keys)).ToList())
        {
            leftOut.Add(new LeftOutFile(images[name], "is named as a mask", Nearest(path, name, images.Keys)));
            images.Remove(name);
        }

        var masks = FindMasks(path, images, leftOut);
        var byNumber = reading is { IsByNumber: true };
        var records = images.Select(image => MakeRecord(image.Key, image.Value, masks[image.Key], byNumber));
        return new IsicFolder(path, [.. records], leftOut, preprocessing, reading);
    }

    /// <summary>True when the folder looks like one of this layout.</summary>
    internal static bool Recognizes(string path) => FolderFiles.Files(path).Any(IsPhotograph);

    /// <summary>True when the folder holds masks of this layout, and not only photographs.</summary>
    internal static bool HasMasks(string path) => FolderFiles.Files(path).Any(file => FolderFiles.IsImage(file) && Split(file) is not null);

    /// <summary>Images are JPEG, and so may masks be, which their names tell.</summary>
    private static bool IsPhotograph(string file) =>
        FolderFiles.IsImage(file) && !System.IO.Path.GetExtension(file).Equals(".png", StringComparison.OrdinalIgnoreCase) && Split(file) is null;

    /// <summary>Id and number of a mask; the only one of an image needs no number.</summary>
    private static (string Id, int Number)? Split(string file)
    {
        var name = System.IO.Path.GetFileNameWithoutExtension(file);
        return name.Length > MaskMark.Length && name.EndsWith(MaskMark, StringComparison.Ordinal)
            ? (name[..^MaskMark.Length], 0)
            : MaskNames.Split(name, MaskMark + "_");
    }

    private static Dictionary<string, SortedList<int, string>> FindMasks(
        string path, SortedDictionary<string, string> images, List<LeftOutFile> leftOut)
    {
        var masks = images.Keys.ToDictionary(id => id, _ => new SortedList<int, string>(), StringComparer.Ordinal);
        foreach (var file in FolderFiles.Files(path).Where(file => FolderFiles.IsPicture(file) && !IsPhotograph(file)))
        {
            if (!FolderFiles.IsImage(file) || Split(file) is not var (id, number))
            {
                leftOut.Add(new LeftOutFile(
                    file, $"is neither a photograph, ID.jpg, nor a mask, ID{MaskMark}_NUMBER.png",
                    Nearest(path, System.IO.Path.GetFileNameWithoutExtension(file), images.Keys)));
                continue;
            }

            if (!masks.TryGetValue(id, out var numbered))
            {
                throw new InvalidDataException($"Mask '{file}' belongs to no image: '{System.IO.Path.Combine(path, id + ".jpg")}' does not exist.");
            }

            if (!numbered.TryAdd(number, file))
            {
                throw new InvalidDataException($"Masks '{numbered[number]}' and '{file}' have the same number {number}; remove one.");
            }
        }

        return masks;
    }

    private static string? Nearest(string path, string name, IEnumerable<string> ids) => ids.Where(id => id != name).ToList() is { Count: > 0 } others
        ? System.IO.Path.Combine(path, MaskNames.Nearest(name, others, MaskMark + "_", "0") + ".png")
        : null;

    private static ImageRecord MakeRecord(string id, string path, SortedList<int, string> masks, bool byNumber) => new()
    {
        Id = id,
        Subject = id,
        ImagePath = path,
        MaskPaths = [.. masks.Values],
        Annotators = [.. masks.Keys],
        Readers = byNumber ? ReaderNames.OfNumbers(masks.Keys) : [],
    };
}
