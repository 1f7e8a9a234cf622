using System.Globalization;
using AmbiSSL.Torch.Imaging;

namespace AmbiSSL;

/// <summary>
/// Skin images as the ISIC archive names them, all in one folder: <c>ID.jpg</c> with the masks <c>ID_segmentation_0.png</c>,
/// <c>ID_segmentation_1.png</c>, …
/// </summary>
/// <remarks>
/// Every image is its own subject. The number in a mask's name orders the masks of an image; gaps are allowed, and an image without masks
/// is unlabeled. Who drew a mask is not known, unless the folder is opened with <see cref="ReadingOptions.Readers"/> by number. Images come
/// in ordinal order. They differ in size: open them with <see cref="Preprocessing.Resize"/>.
/// </remarks>
public sealed class IsicFolder : ImageFileSource
{
    private const string MaskMark = "_segmentation_";

    private IsicFolder(
        string path, IReadOnlyList<ImageRecord> records, Preprocessing? preprocessing, ReadingOptions? reading)
        : base(path, records, preprocessing, reading)
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

        var images = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var image in ListImages(path))
        {
            var id = System.IO.Path.GetFileNameWithoutExtension(image);
            if (!images.TryAdd(id, image))
            {
                throw new InvalidDataException($"'{images[id]}' and '{image}' have the same name '{id}'; remove one.");
            }
        }

        var masks = FindMasks(path, images);
        var byNumber = reading is { IsByNumber: true };
        var records = images.Select(image => MakeRecord(image.Key, image.Value, masks[image.Key], byNumber));
        return new IsicFolder(path, [.. records], preprocessing, reading);
    }

    /// <summary>True when the folder looks like one of this layout.</summary>
    internal static bool Recognizes(string path) => ListImages(path).Any();

    private static IEnumerable<string> ListImages(string path) => Directory.EnumerateFiles(path)
        .Where(file => System.IO.Path.GetExtension(file).ToUpperInvariant() is ".JPG" or ".JPEG");

    private static Dictionary<string, SortedList<int, string>> FindMasks(string path, SortedDictionary<string, string> images)
    {
        var masks = images.Keys.ToDictionary(id => id, _ => new SortedList<int, string>(), StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(path, "*.png"))
        {
            var name = System.IO.Path.GetFileNameWithoutExtension(file);
            var mark = name.LastIndexOf(MaskMark, StringComparison.Ordinal);
            if (mark < 0
                || !int.TryParse(name.AsSpan(mark + MaskMark.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                continue;
            }

            if (!masks.TryGetValue(name[..mark], out var numbered))
            {
                throw new InvalidDataException(
                    $"Mask '{file}' belongs to no image: '{System.IO.Path.Combine(path, name[..mark] + ".jpg")}' does not exist.");
            }

            if (!numbered.TryAdd(number, file))
            {
                throw new InvalidDataException($"Masks '{numbered[number]}' and '{file}' have the same number {number}; remove one.");
            }
        }

        return masks;
    }

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
