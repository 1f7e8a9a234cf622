using System.Globalization;
using AmbiSSL.Torch.Foundation;

namespace AmbiSSL.Torch.Imaging;

/// <summary>Writes the folder format.</summary>
internal static class ImageFolderWriter
{
    // No value of a mask that leaves no doubt.
    private const byte IgnoredValue = 127;

    public static void Write(ImageSource source, string path)
    {
        // Full, and without a separator at its end: the temporary folder is its neighbor.
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any()))
        {
            throw new IOException($"'{path}' exists already and is not an empty folder; choose another, or remove it first.");
        }

        if (source.Classes.Overlap)
        {
            RequireNames(source.Classes);
        }

        var temporary = TemporaryName.Beside(path);
        try
        {
            Directory.CreateDirectory(Path.Combine(temporary, FolderListing.ImagesName));
            Directory.CreateDirectory(Path.Combine(temporary, FolderListing.MasksName));
            for (var index = 0; index < source.Count; index++)
            {
                WriteImage(temporary, source.Records[index], source.Read(index));
            }

            IndexFile.Write(Path.Combine(temporary, FolderListing.IndexName), source.Records);
            if (Directory.Exists(path))
            {
                Directory.Delete(path);
            }

            Directory.Move(temporary, path);
        }
        catch
        {
            if (Directory.Exists(temporary))
            {
                Directory.Delete(temporary, recursive: true);
            }

            throw;
        }
    }

    /// <summary>
    /// Requires of classes that have a file each that these can be named after them, and found again by <see cref="ReadingOptions.Classes"/>.
    /// </summary>
    private static void RequireNames(MaskClasses classes)
    {
        if (classes.Names.FirstOrDefault(name => !FolderListing.IsFileName(name) || name.AsSpan().ContainsAny(",=") || name != name.Trim()) is { } name)
        {
            throw new ArgumentException(
                $"Classes overlap, and each has a file of its name, which '{name}' cannot be: it holds / \\ : , "
                + "= or control characters, or a space at one of its ends; rename the class.",
                nameof(classes));
        }
    }

    private static void WriteImage(string folder, ImageRecord record, AnnotatedImage image)
    {
        if (!FolderListing.IsFileName(record.Id))
        {
            throw new ArgumentException($"The id '{record.Id}' holds / \\ : or control characters, so no file can be named after it; rename the image.");
        }

        ImageFile.Write(Path.Combine(folder, FolderListing.ImagesName, record.Id + ".png"), image.Pixels);
        var classes = image.Annotations.Classes;
        for (var mask = 0; mask < image.Annotations.Count; mask++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{record.Id}_r{record.Annotators[mask]}");
            if (classes.IsExclusive)
            {
                WriteNumbers(Path.Combine(folder, FolderListing.MasksName, name + ".png"), image.Annotations, mask);
                continue;
            }

            for (var number = 0; number < classes.Count; number++)
            {
                WriteMask(
                    Path.Combine(folder, FolderListing.MasksName, classes.Count == 1 ? $"{name}.png" : $"{name}_{classes.Names[number]}.png"),
                    image.Annotations.OfClass(number),
                    mask);
            }
        }
    }

    private static void WriteMask(string path, MaskSet masks, int mask)
    {
        if (masks.Ignored.Length == 0)
        {
            ImageFile.WriteMask(path, masks.Size, masks[mask]);
            return;
        }

        WriteGray(path, masks, mask, masks[mask].ToArray().Select(value => value == 0 ? byte.MinValue : byte.MaxValue), IgnoredValue);
    }

    private static void WriteNumbers(string path, MaskSet masks, int mask) =>
        WriteGray(path, masks, mask, masks.ClassNumbers().Skip(mask * masks.Size.PixelCount).Take(masks.Size.PixelCount), MaskLabels.Ignored);

    private static void WriteGray(string path, MaskSet masks, int mask, IEnumerable<byte> values, byte ignoredValue)
    {
        var ignored = masks.Ignored.AsMemory(masks.Ignored.Length == 0 ? 0 : mask * masks.Size.PixelCount);
        ImageFile.Write(path, new ImagePixels(
            new ImageShape(1, masks.Size.Height, masks.Size.Width),
            values.Select((value, i) => ignored.Length > 0 && ignored.Span[i] != 0 ? ignoredValue : value).ToArray()));
    }
}
