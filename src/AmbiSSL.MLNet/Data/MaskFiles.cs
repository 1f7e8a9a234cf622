using System.Text.RegularExpressions;
using AmbiSSL.MLNet.Columns;
using AmbiSSL.Torch.Imaging;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Data;

/// <summary>The mask files that the rows of a cursor name.</summary>
internal sealed partial class MaskFiles
{
    private readonly IExceptionContext _context;
    private readonly AnnotationLoading _loading;
    private readonly DataViewRow _cursor;
    private readonly MaskPattern? _pattern;
    private readonly Func<string[]> _texts;
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);

    /// <param name="context">Marks the errors.</param>
    /// <param name="loading">How files are found and read.</param>
    /// <param name="cursor">The rows.</param>
    /// <param name="column">Column of the paths or ids.</param>
    public MaskFiles(IExceptionContext context, AnnotationLoading loading, DataViewRow cursor, DataViewSchema.Column column)
    {
        (_context, _loading, _cursor) = (context, loading, cursor);
        _pattern = loading.Options.Pattern is { } pattern ? new MaskPattern(pattern, loading.Options.Reading.NamedClasses?.Classes) : null;
        if (column.Type is VectorDataViewType)
        {
            var vectors = new VectorValues<ReadOnlyMemory<char>>(cursor.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column));
            _texts = () => Array.ConvertAll(vectors.Read(), text => text.ToString());
        }
        else
        {
            var getter = cursor.GetGetter<ReadOnlyMemory<char>>(column);
            ReadOnlyMemory<char> text = default;
            _texts = () =>
            {
                getter(ref text);
                return [text.ToString()];
            };
        }
    }

    /// <summary>Remembers the id of the current row.</summary>
    public void AddId() => _ids.UnionWith(_texts());

    /// <summary>Pictures beside the masks that begin with an id and that the pattern passes over.</summary>
    public IEnumerable<string> LeftOut() => _pattern?.LeftOut(_ids) ?? [];

    private AnnotationLoadingOptions Options => _loading.Options;

    /// <summary>The names of those who drew the current row's masks.</summary>
    /// <exception cref="InvalidOperationException">The row's files cannot be found.</exception>
    public string[] Readers() => InRow(() =>
    {
        var readers = Find().Where(file => file.Class == 0).Select(file => file.Reader ?? "").ToArray();
        return ReaderNames.Fault(readers, readers.Length) is { } fault ? throw new InvalidDataException($"Of its masks {fault}.") : readers;
    });

    /// <summary>The current row's masks, as a column has them; none where it names none.</summary>
    /// <exception cref="InvalidOperationException">A file cannot be found or read, or has another size than it should; the message names it.</exception>
    public byte[] Masks() => InRow(() => ReadAll() is { } masks ? AnnotationsColumn.Values(masks) : []);

    /// <summary>Which pixels of the current row's masks do not count, in the same order.</summary>
    /// <exception cref="InvalidOperationException">A file cannot be found or read, or has another size than it should; the message names it.</exception>
    public byte[] Ignored() => InRow(() => ReadAll() switch
    {
        null => [],
        { Ignored.Length: 0 } masks => new byte[masks.Count * masks.Size.PixelCount],
        var masks => masks.Ignored,
    });

    /// <summary>The size of the current row's first mask, where it has one.</summary>
    /// <exception cref="InvalidOperationException">The file cannot be found or read.</exception>
    public ImageSize? Size() => InRow(() => Find().Select(file => (ImageSize?)MaskFile.Read(file.Path, Options.Reading).Size).FirstOrDefault());

    private MaskSet? ReadAll()
    {
        var files = Array.ConvertAll(Find(), file => (file.Path, Mask: Read(file.Path)));
        if (files.Length == 0)
        {
            return null;
        }

        var (first, size) = (files[0].Path, files[0].Mask.Size);
        return Array.Find(files, file => file.Mask.Size != size) is { Path: not null } other
            ? throw new InvalidDataException(
                $"Mask '{other.Path}' is {other.Mask.Size} pixels (height x width), and '{first}' of the same image is {size}; "
                + "give all masks the size of their image.")
            : ClassMasks.OfFiles(
                "the row", size, Array.ConvertAll(files, file => file.Mask), [], Options.Reading, Array.ConvertAll(files, file => file.Path));
    }

    private (string Path, string? Reader, int Class)[] Find()
    {
        var texts = _texts();
        if (_pattern is not null)
        {
            return [.. _pattern.Find(Options.Folder, texts[0])];
        }

        if (Options.Readers.Count > 0 && texts.Length > 0 && texts.Length != Options.Readers.Count)
        {
            throw new InvalidDataException(
                $"There are {texts.Length} paths, but {nameof(Options.Readers)} names {Options.Readers.Count} readers; give each a place, an empty one where "
                + "the reader drew no mask.");
        }

        return [.. Enumerable.Range(0, texts.Length).Where(place => texts[place].Length > 0).Select(place => (
            Path.Combine(Options.Folder ?? "", texts[place]),
            Options.Reading.IsByNumber ? ByNumber(texts[place]) : Options.Readers.Count > 0 ? Options.Readers[place] : null,
            0))];
    }

    private MaskSet Read(string path)
    {
        var mask = MaskFile.Read(path, Options.Reading);
        if (Options.Resize is { } size)
        {
            byte[] Resize(byte[] plane) => plane.Length == 0 ? plane : MaskResizing.Resize(plane, mask.Size, size, Options.Resizing, Options.CropAnchor);

            return mask.With(size, Resize);
        }

        return _loading.Size is { } expected && mask.Size != expected
            ? throw new InvalidDataException(
                $"Mask '{path}' is {mask.Size} pixels (height x width), but the first one was {expected}; set {nameof(Options.Resize)} to the size to which "
                + "images are resized.")
            : mask;
    }

    private static string ByNumber(string path) => EndingNumber().Match(Path.GetFileNameWithoutExtension(path)) is { Success: true } number
        ? $"r{number.Value.TrimStart('0').PadLeft(1, '0')}"
        : throw new InvalidDataException($"Mask '{path}' has no number at the end of its name, by which its reader would be known.");

    private T InRow<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw _context.Process(new InvalidOperationException($"Column '{_loading.Input}', row {_cursor.Position}: {exception.Message}", exception));
        }
    }

    [GeneratedRegex(@"\d+$", RegexOptions.CultureInvariant)]
    private static partial Regex EndingNumber();
}
