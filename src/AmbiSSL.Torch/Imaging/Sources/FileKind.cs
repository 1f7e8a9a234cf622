namespace AmbiSSL.Torch.Imaging;

/// <summary>A kind of files that images and masks of a data set may be.</summary>
internal sealed class FileKind
{
    private readonly string[] _extensions;

    private FileKind(string words, params string[] extensions)
    {
        Words = words;
        _extensions = extensions;
    }

    /// <summary>PNG and JPEG.</summary>
    public static FileKind Pictures { get; } = new("neither PNG nor JPEG", ".png", ".jpg", ".jpeg");

    /// <summary>Volumes of NIfTI, compressed or not.</summary>
    public static FileKind Volumes { get; } = new("no NIfTI file", ".nii.gz", ".nii");

    /// <summary>What another file is, in words.</summary>
    public string Words { get; }

    /// <summary>The extension that examples have.</summary>
    public string Extension => _extensions[0];

    /// <summary>Whether a name is that of a file of this kind, in capitals or not.</summary>
    public bool Has(string path) => _extensions.Any(extension => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase));

    /// <summary>The name of a file without its extension.</summary>
    public string Name(string path)
    {
        var name = Path.GetFileName(path);
        var extension = Array.Find(_extensions, extension => name.EndsWith(extension, StringComparison.OrdinalIgnoreCase)) ?? Path.GetExtension(name);
        return name[..^extension.Length];
    }
}
