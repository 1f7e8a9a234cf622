using System.Globalization;
using AmbiSSL.Torch.Imaging;

namespace AmbiSSL;

/// <summary>
/// Slices of LIDC-IDRI as they are passed around: <c>PATIENT/nodule-N/images/slice-K.png</c> with the masks
/// <c>PATIENT/nodule-N/mask-0/slice-K.png</c> to <c>mask-3</c>.
/// </summary>
/// <remarks>
/// The subject is the patient; the id is <c>PATIENT_nodule-N_slice-K</c>; the columns <c>nodule</c> and <c>slice</c> hold N and K. The
/// number of <c>mask-M</c> is M + 1. An empty mask is kept: a radiologist who outlined nothing. Slices come in the order of patient, nodule
/// and number. Who drew a mask is never known: its number is another radiologist's from nodule to nodule.
/// </remarks>
public sealed class LidcSliceFolder : ImageFileSource
{
    private const string Nodule = "nodule-";
    private const string Slice = "slice-";
    private const string Mask = "mask-";
    private const string Images = "images";

    private LidcSliceFolder(
        string path, IReadOnlyList<ImageRecord> records, IReadOnlyList<LeftOutFile> leftOut, Preprocessing? preprocessing, ReadingOptions? reading)
        : base(path, records, leftOut, preprocessing, reading)
    {
    }

    /// <summary>Opens a folder and lists its slices; pixels are read later, by <see cref="ImageSource.Read"/>.</summary>
    /// <param name="path">The folder that holds the patients' folders.</param>
    /// <param name="preprocessing">Cropping or resizing; null for neither.</param>
    /// <param name="reading">How files are read; null for the default values.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">It holds no slices, a mask has no image, or the first image cannot be read.</exception>
    /// <exception cref="ArgumentException">Both a crop and a new size are given, or a number is out of its range.</exception>
    public static LidcSliceFolder Open(string path, Preprocessing? preprocessing = null, ReadingOptions? reading = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!Directory.Exists(path))
        {
            throw new DirectoryNotFoundException($"Folder '{path}' does not exist.");
        }

        if (reading is { IsByNumber: true })
        {
            throw new InvalidDataException(
                $"Folder '{path}' has the layout of LIDC, where the number of a mask is another radiologist's from nodule to nodule, but readers are "
                + "asked for by number; do not ask for numbers.");
        }

        if (reading is { Classes: { } classes })
        {
            throw new InvalidDataException(
                $"Folder '{path}' has the layout of LIDC, whose masks are of the nodule alone, but the classes '{classes}' are asked for; leave them out.");
        }

        var leftOut = new List<LeftOutFile>();
        var records =
            from patient in FolderFiles.Folders(path)
            from nodule in ListNumbered(FolderFiles.Folders(patient), Nodule, leftOut)
            from record in ListSlices(System.IO.Path.GetFileName(patient), nodule.Key, nodule.Value, leftOut)
            select record;
        return new LidcSliceFolder(path, records.ToList(), leftOut, preprocessing, reading);
    }

    /// <summary>True when the folder looks like one of this layout.</summary>
    internal static bool Recognizes(string path) => FolderFiles.Folders(path)
        .SelectMany(FolderFiles.Folders)
        .Where(nodule => System.IO.Path.GetFileName(nodule).StartsWith(Nodule, StringComparison.OrdinalIgnoreCase))
        .Any(nodule => FolderFiles.Find(FolderFiles.Folders(nodule), Images) is not null);

    private static IEnumerable<ImageRecord> ListSlices(string patient, int nodule, string folder, List<LeftOutFile> leftOut)
    {
        var folders = FolderFiles.Folders(folder).ToList();
        var images = FolderFiles.Find(folders, Images);
        var slices = images is null ? [] : ListNumbered(FolderFiles.Files(images), Slice, leftOut);
        var masks = ListNumbered(folders.Where(inner => inner != images), Mask, leftOut)
            .Select(mask => (Number: mask.Key + 1, Slices: ListNumbered(FolderFiles.Files(mask.Value), Slice, leftOut)))
            .ToList();
        foreach (var (number, path) in masks.SelectMany(mask => mask.Slices))
        {
            if (!slices.ContainsKey(number))
            {
                throw new InvalidDataException(
                    $"Mask '{path}' belongs to no image: "
                    + $"'{System.IO.Path.Combine(folder, Images, System.IO.Path.GetFileName(path))}' does not exist.");
            }
        }

        return slices.Select(slice =>
        {
            var own = masks.Where(mask => mask.Slices.ContainsKey(slice.Key)).ToList();
            return new ImageRecord
            {
                Id = string.Create(CultureInfo.InvariantCulture, $"{patient}_nodule-{nodule}_slice-{slice.Key}"),
                Subject = patient,
                ImagePath = slice.Value,
                MaskPaths = own.ConvertAll(mask => mask.Slices[slice.Key]),
                Annotators = own.ConvertAll(mask => mask.Number),
                Columns = new Dictionary<string, string>
                {
                    ["nodule"] = nodule.ToString(CultureInfo.InvariantCulture),
                    ["slice"] = slice.Key.ToString(CultureInfo.InvariantCulture),
                },
            };
        });
    }

    /// <summary>Folders, or image files, that are named PREFIXnumber, by their number. Others are left out.</summary>
    private static SortedList<int, string> ListNumbered(IEnumerable<string> paths, string prefix, List<LeftOutFile> leftOut)
    {
        var numbered = new SortedList<int, string>();
        foreach (var path in paths)
        {
            var name = System.IO.Path.GetFileNameWithoutExtension(path);
            if ((prefix == Slice && !FolderFiles.IsImage(path))
                || !name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
                || !int.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                var nearest = $"{prefix}{MaskNames.NumberIn(name, "0")}{(prefix == Slice ? ".png" : "")}";
                leftOut.Add(new LeftOutFile(
                    path, $"is not named {prefix}NUMBER", System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, nearest)));
            }
            else if (!numbered.TryAdd(number, path))
            {
                throw new InvalidDataException($"'{numbered[number]}' and '{path}' have the same number {number}; remove one.");
            }
        }

        return numbered;
    }
}
