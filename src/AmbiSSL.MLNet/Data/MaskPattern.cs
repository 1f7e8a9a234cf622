using System.Text.RegularExpressions;
using AmbiSSL.Torch.Imaging;

namespace AmbiSSL.MLNet.Data;

/// <summary>
/// The path of an image's masks with the image's id left open. What else is left open stands for letters and digits alone and is kept apart from the id
/// by something else, so that no mask of the image a_b is taken for one of the image a.
/// </summary>
internal sealed partial class MaskPattern
{
    /// <summary>What stands for the id.</summary>
    public const string Id = "{0}";

    /// <summary>What stands for the name of the reader.</summary>
    public const string Reader = "{reader}";

    /// <summary>What stands for the name of a class, where each has a file of its own.</summary>
    public const string Class = "{class}";

    private const string Any = "*";

    private readonly string _folder;
    private readonly string[] _name;
    private readonly MaskClasses? _classes;
    private readonly Regex _anyId;
    private readonly Dictionary<string, string[]> _listed = new(StringComparer.Ordinal);

    /// <param name="pattern">The path.</param>
    /// <param name="classes">The classes, where each has a file of its own; otherwise null.</param>
    /// <exception cref="ArgumentException">It has no place for the id or for the class, or one where it could be mistaken.</exception>
    public MaskPattern(string pattern, MaskClasses? classes = null)
    {
        _classes = classes;
        _folder = Path.GetDirectoryName(pattern) ?? "";
        _name = [.. Parts().Split(Path.GetFileName(pattern)).Where(part => part.Length > 0)];
        var fault = !pattern.Contains(Id, StringComparison.Ordinal) ? $"it has no {Id}, for which the id of the image is put"
            : _folder.Contains(Any, StringComparison.Ordinal) || _folder.Contains(Reader, StringComparison.Ordinal) ? $"{Any} and {Reader} stand in a folder"
            : _name.Count(part => part == Reader) > 1 ? $"it has {Reader} twice"
            : _name.Count(part => part == Class) != (classes is null ? 0 : 1)
                ? classes is null
                    ? $"it has {Class}, and no classes are named without values"
                    : $"it has no {Class}, for which the names of the classes {classes} are put"
            : !AreApart(_name) ? $"letters and digits alone, or nothing, keep {Id}, {Any}, {Reader} and {Class} apart"
            : null;
        if (fault is not null)
        {
            throw new ArgumentException(
                $"Option Pattern is '{pattern}', but {fault}; write it such as masks/{Id}_r{Any}{(classes is null ? "" : "_" + Class)}.png.", nameof(pattern));
        }

        _anyId = Name(".+");
    }

    /// <summary>
    /// The pictures in the folders that were looked at whose names begin with an id and go on otherwise than the pattern, such as mistyped masks.
    /// </summary>
    /// <param name="ids">The images.</param>
    public IEnumerable<string> LeftOut(IReadOnlySet<string> ids) => _listed.Values.SelectMany(files => files.Where(file =>
        FolderFiles.IsPicture(file) && !_anyId.IsMatch(Path.GetFileName(file)) && BeginsWithAny(Path.GetFileNameWithoutExtension(file), ids)));

    /// <summary>
    /// The masks of an image, in the order of what the open places hold, and where each class has a file those of a mask's classes one after the
    /// other.
    /// </summary>
    /// <param name="folder">Where relative paths begin; null for the current folder.</param>
    /// <param name="id">The image.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">The id cannot be part of a file's name, or a mask has no file of a class.</exception>
    public IEnumerable<(string Path, string? Reader, int Class)> Find(string? folder, string id)
    {
        if (id.Length == 0 || (_name.Contains(Id) && id.IndexOfAny(['/', '\\']) >= 0))
        {
            throw new InvalidDataException($"The id '{id}' cannot be part of a file's name.");
        }

        var directory = Path.Combine(folder ?? "", _folder.Replace(Id, id, StringComparison.Ordinal));
        if (!_listed.TryGetValue(directory, out var files))
        {
            files = Directory.Exists(directory.Length == 0 ? "." : directory)
                ? [.. FolderFiles.Files(directory.Length == 0 ? "." : directory)]
                : throw new DirectoryNotFoundException($"There is no folder '{directory}' to look for masks in.");
            _listed.Add(directory, files);
        }

        var name = Name($"(?-i:{Regex.Escape(id)})");
        var start = _name[0] == Id ? id : "";
        var found =
            from file in files
            where Path.GetFileName(file.AsSpan()).StartsWith(start, StringComparison.Ordinal)
            let match = name.Match(Path.GetFileName(file))
            where match.Success
            let open = string.Join('\n', match.Groups.Values.Skip(1).Where(place => place.Name != nameof(Class)).Select(place => place.Value))
            let number = _classes?.Names.ToList().FindIndex(known => known.Equals(match.Groups[nameof(Class)].Value, StringComparison.OrdinalIgnoreCase)) ?? 0
            orderby open.TrimEnd([.. "0123456789"]), open.Length, open, number
            select (Path: file, Open: open, Reader: match.Groups[nameof(Reader)] is { Success: true } reader ? reader.Value : null, Class: number);
        var masks = found.ToList();
        foreach (var mask in masks.GroupBy(file => file.Open, StringComparer.Ordinal))
        {
            if (_classes is not null && !mask.Select(file => file.Class).SequenceEqual(Enumerable.Range(0, _classes.Count)))
            {
                throw new InvalidDataException(
                    $"Mask '{mask.First().Path}' has files of the classes {string.Join(", ", mask.Select(file => _classes.Names[file.Class]))}, "
                    + $"and must have one of each of {_classes}, black all over where nobody drew anything.");
            }
        }

        return masks.Select(file => (file.Path, (string?)file.Reader, file.Class));
    }

    private Regex Name(string id) =>
        new($"^{string.Concat(_name.Select(part => Expression(part, id, _classes)))}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static bool BeginsWithAny(string name, IReadOnlySet<string> ids) =>
        Enumerable.Range(1, Math.Max(0, name.Length - 1)).Any(end => !char.IsLetterOrDigit(name[end]) && ids.Contains(name[..end]));

    private static string Expression(string part, string id, MaskClasses? classes) => part switch
    {
        Id => id,
        Any => @"([\p{L}\p{N}]+)",
        Reader => $@"(?<{nameof(Reader)}>[\p{{L}}\p{{N}}]+)",
        Class => $"(?<{nameof(Class)}>{string.Join('|', classes!.Names.Select(Regex.Escape))})",
        _ => Regex.Escape(part),
    };

    // With letters and digits alone between them it could not be told where one open place ends and the next begins.
    private static bool AreApart(string[] name)
    {
        var open = Enumerable.Range(0, name.Length).Where(part => IsOpen(name[part])).ToArray();
        return open.Zip(open.Skip(1)).All(pair => pair.Second > pair.First + 1 && !name[pair.First + 1].All(char.IsLetterOrDigit));
    }

    private static bool IsOpen(string part) => part is Id or Any or Reader or Class;

    [GeneratedRegex(@"(\{0\}|\{reader\}|\{class\}|\*)")]
    private static partial Regex Parts();
}
