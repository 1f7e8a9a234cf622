namespace AmbiSSL.Torch.Imaging;

/// <summary>Lists what is in folders, in ordinal order, without what is hidden: systems leave <c>._ID.png</c> and <c>.DS_Store</c> behind.</summary>
internal static class FolderFiles
{
    // Kinds of pictures and volumes, of which two are read.
    private static readonly string[] Pictures =
        [".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".gif", ".webp", ".dcm", ".nii", ".gz", ".npy", ".mha", ".nrrd"];

    private static readonly string[] Read = [".png", ".jpg", ".jpeg"];

    // What Windows hides, and other systems do not.
    private static readonly string[] OfWindows = ["Thumbs.db", "desktop.ini"];

    private static readonly EnumerationOptions Visible = new()
    {
        AttributesToSkip = FileAttributes.Hidden | FileAttributes.System, IgnoreInaccessible = false,
    };

    /// <summary>The files of a folder that exists.</summary>
    public static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder, "*", Visible)
        .Where(file => !OfWindows.Contains(Path.GetFileName(file), StringComparer.OrdinalIgnoreCase))
        .Order(StringComparer.Ordinal);

    /// <summary>The folders in a folder that exists.</summary>
    public static IEnumerable<string> Folders(string folder) => Directory.EnumerateDirectories(folder, "*", Visible).Order(StringComparer.Ordinal);

    /// <summary>Whether a name is that of a kind that is read, PNG or JPEG, in capitals or not.</summary>
    public static bool IsImage(string path) => Read.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a name is that of a picture of any kind.</summary>
    public static bool IsPicture(string path) => Pictures.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>The file or folder of a name, whether in capitals or not.</summary>
    /// <returns>Its path as it is written on the disk; null where there is none.</returns>
    /// <exception cref="InvalidDataException">There are several that differ in capitals.</exception>
    public static string? Find(IEnumerable<string> paths, string name)
    {
        string[] found = [.. paths.Where(path => Path.GetFileName(path).Equals(name, StringComparison.OrdinalIgnoreCase))];
        return found.Length < 2
            ? found.FirstOrDefault()
            : throw new InvalidDataException($"'{found[0]}' and '{found[1]}' differ in capitals alone, and one of them is read; remove the other.");
    }
}
