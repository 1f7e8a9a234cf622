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

    private const string Any = "*";

    private readonly string _folder;
    private readonly string[] _name;
    private readonly Regex _anyId;
    private readonly Dictionary<string, string[]> _listed = new(StringComparer.Ordinal);

    /// <param name="pattern">The path.</param>
    /// <exception cref="ArgumentException">It has no place for the id, or one where it could be mistaken.</exception>
    public MaskPattern(string pattern)
    {
        _folder = Path.GetDirectoryName(pattern) ?? "";
        _name = [.. Parts().Split(Path.GetFileName(pattern)).Where(part => part.Length > 0)];
        var fault = !pattern.Contains(Id, StringComparison.Ordinal) ? $"it has no {Id}, for which the id of the image is put"
            : _folder.Contains(Any, StringComparison.Ordinal) || _folder.Contains(Reader, StringComparison.Ordinal) ? $"{Any} and {Reader} stand in a folder"
            : _name.Count(part => part == Reader) > 1 ? $"it has {Reader} twice"
            : !AreApart(_name) ? $"letters and digits alone, or nothing, keep {Id}, {Any} and {Reader} apart"
            : null;
        if (fault is not null)
        {
            throw new ArgumentException($"Option Pattern is '{pattern}', but {fault}; write it such as masks/{Id}_r{Any}.png.", nameof(pattern));
        }

        _anyId = Name(".+");
    }

    /// <summary>
    /// The pictures in the folders that were looked at whose names begin with an id and go on otherwise than the pattern, such as mistyped masks.
    /// </summary>
    /// <param name="ids">The images.</param>
    public IEnumerable<string> LeftOut(IReadOnlySet<string> ids) => _listed.Values.SelectMany(files => files.Where(file =>
        FolderFiles.IsPicture(file) && !_anyId.IsMatch(Path.GetFileName(file)) && BeginsWithAny(Path.GetFileNameWithoutExtension(file), ids)));

    /// <summary>The masks of an image, in the order of what the open places hold.</summary>
    /// <param name="folder">Where relative paths begin; null for the current folder.</param>
    /// <param name="id">The image.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">The id cannot be part of a file's name.</exception>
    public IEnumerable<(string Path, string? Reader)> Find(string? folder, string id)
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
        return from file in files
               where Path.GetFileName(file.AsSpan()).StartsWith(start, StringComparison.Ordinal)
               let match = name.Match(Path.GetFileName(file))
               where match.Success
               let open = string.Join('\n', match.Groups.Values.Skip(1).Select(place => place.Value))
               orderby open.TrimEnd([.. "0123456789"]), open.Length, open
               select (file, match.Groups[nameof(Reader)] is { Success: true } reader ? reader.Value : null);
    }

    private Regex Name(string id) =>
        new($"^{string.Concat(_name.Select(part => Expression(part, id)))}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static bool BeginsWithAny(string name, IReadOnlySet<string> ids) =>
        Enumerable.Range(1, Math.Max(0, name.Length - 1)).Any(end => !char.IsLetterOrDigit(name[end]) && ids.Contains(name[..end]));

    private static string Expression(string part, string id) => part switch
    {
        Id => id,
        Any => @"([\p{L}\p{N}]+)",
        Reader => $@"(?<{nameof(Reader)}>[\p{{L}}\p{{N}}]+)",
        _ => Regex.Escape(part),
    };

    // With letters and digits alone between them it could not be told where one open place ends and the next begins.
    private static bool AreApart(string[] name)
    {
        var open = Enumerable.Range(0, name.Length).Where(part => IsOpen(name[part])).ToArray();
        return open.Zip(open.Skip(1)).All(pair => pair.Second > pair.First + 1 && !name[pair.First + 1].All(char.IsLetterOrDigit));
    }

    private static bool IsOpen(string part) => part is Id or Any or Reader;

    [GeneratedRegex(@"(\{0\}|\{reader\}|\*)")]
    private static partial Regex Parts();
}
