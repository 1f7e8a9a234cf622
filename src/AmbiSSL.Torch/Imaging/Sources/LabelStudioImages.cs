using System.Text.Json;
using AmbiSSL.Torch.Imaging;
using SkiaSharp;

namespace AmbiSSL;

/// <summary>
/// Images with a file that Label Studio exports as JSON: polygons and brushes. Each annotation of a task is one mask, whose reader is the annotator.
/// </summary>
/// <remarks>
/// The reader's name is the email or, where the export has none, the number of <c>completed_by</c>. An annotation without a region is an empty mask: an
/// annotator who outlined nothing; one that was canceled is none. A task without annotations is an unlabeled image. Images are found by the file name
/// in <c>data</c>, with or without the eight digits that Label Studio puts before it, beside the export or in a folder <c>images</c> beside it. Each
/// image is its own subject, unless <c>data</c> has an entry <c>subject</c>. One label is read, the only one or that of
/// <see cref="ReadingOptions.Category"/>: whoever outlined nothing of it has an empty mask.
/// </remarks>
public sealed class LabelStudioImages : OutlinedImages
{
    private const string ImageKey = "image";
    private const string SubjectKey = "subject";
    private const string LabelsEnding = "labels";
    private const int DigitsOfUpload = 8;

    private readonly LabelStudioFile.Annotation[][] _annotations;

    // Of each class; null for all of them, which are one.
    private readonly string?[] _labels;

    private LabelStudioImages(
        string path,
        IReadOnlyList<(ImageRecord Record, ImageSize? Size)> images,
        LabelStudioFile.Annotation[][] annotations,
        Preprocessing? preprocessing,
        ReadingOptions? reading)
        : base(path, images, preprocessing, reading) =>
            (_annotations, _labels) = (annotations, reading?.NamedClasses is { } named ? [.. named.Classes.Names] : [reading?.Category]);

    /// <summary>Reads an export and finds its images; their pixels are read later, by <see cref="ImageSource.Read"/>.</summary>
    /// <param name="path">The exported file.</param>
    /// <param name="preprocessing">Cropping or resizing; null for neither.</param>
    /// <param name="reading">How files are read; null for the default values.</param>
    /// <exception cref="FileNotFoundException">There is no such file, or an image is missing.</exception>
    /// <exception cref="InvalidDataException">The file is no export, or has regions that cannot be told apart or are no outlines.</exception>
    /// <exception cref="ArgumentException">Both a crop and a new size are given, or a number is out of its range.</exception>
    public static new LabelStudioImages Open(string path, Preprocessing? preprocessing = null, ReadingOptions? reading = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var tasks = LabelStudioFile.Read(path);
        var annotations = tasks
            .Select(task => task.Annotations.Where(annotation => !annotation.WasCancelled).OrderBy(Name, Comparer<string>.Create(Compare)).ToArray())
            .ToArray();
        var images = tasks.Select((task, index) => (MakeRecord(path, task, annotations[index]), Size(path, task, annotations[index]))).ToArray();
        if (reading is not { WithoutMasks: true })
        {
            RequireLabels(path, annotations, Wanted(path, reading));
        }

        return new LabelStudioImages(path, images, annotations, preprocessing, reading);
    }

    private protected override void Fill(int index, int mask, int number, ImageSize size, Span<byte> values)
    {
        foreach (var region in _annotations[index][mask].Results.Where(region => IsOf(region, _labels[number])))
        {
            try
            {
                LabelStudioOutline.Fill(region, size, values);
            }
            catch (FormatException exception)
            {
                throw new InvalidDataException(
                    $"A region of image '{Records[index].Id}' by '{Records[index].Readers[mask]}' in '{Path}' {exception.Message}.", exception);
            }
        }
    }

    private protected override IEnumerable<SKPoint[]> Polygons(int index, ImageSize size) => _annotations[index]
        .SelectMany(annotation => annotation.Results)
        .Where(region => Array.Exists(_labels, label => IsOf(region, label)))
        .Select(region => LabelStudioOutline.Polygon(region, size))
        .OfType<SKPoint[]>();

    private static bool IsOf(LabelStudioFile.Result region, string? label) => IsRegion(region) && (label is null || Labels(region).Contains(label));

    private static ImageRecord MakeRecord(string path, LabelStudioFile.Task task, LabelStudioFile.Annotation[] annotations)
    {
        var image = Find(path, Names(path, task));
        string[] readers = Array.ConvertAll(annotations, Name);
        if (ReaderNames.Fault(readers, annotations.Length) is { } fault)
        {
            throw new InvalidDataException($"In task {task.Id} of '{path}' {fault}; keep one annotation of each annotator.");
        }

        var id = System.IO.Path.GetFileNameWithoutExtension(image);
        return new ImageRecord
        {
            Id = id,
            Subject = Text(task, SubjectKey)?.Trim() is { Length: > 0 } subject ? subject : id,
            ImagePath = image,
            Annotators = [.. Enumerable.Range(1, annotations.Length)],
            Readers = readers,
        };
    }

    private static int Compare(string? a, string? b) => a == b ? 0 : ReaderNames.Order([a!, b!])[0] == a ? -1 : 1;

    private static string Name(LabelStudioFile.Annotation annotation)
    {
        var by = annotation.CompletedBy;
        if (by.ValueKind == JsonValueKind.Object)
        {
            by = by.TryGetProperty("email", out var email) ? email : by.TryGetProperty("id", out var id) ? id : default;
        }

        return by.ValueKind switch
        {
            JsonValueKind.String => by.GetString()!,
            JsonValueKind.Number => by.GetRawText(),
            _ => "",
        };
    }

    private static string? Text(LabelStudioFile.Task task, string key) =>
        task.Data.TryGetValue(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>The names that an image's file may have: as uploaded, without the digits before it, and below a local folder.</summary>
    private static string[] Names(string path, LabelStudioFile.Task task)
    {
        var address = Text(task, ImageKey)
            ?? throw new InvalidDataException($"Task {task.Id} of '{path}' has no text \"{ImageKey}\" in its \"data\"; name the images there.");
        var mark = address.LastIndexOf("?d=", StringComparison.Ordinal);
        var below = Uri.UnescapeDataString(mark < 0 ? address : address[(mark + 3)..]);
        var name = below[(below.LastIndexOf('/') + 1)..];
        var isUpload = name.Length > DigitsOfUpload + 1 && name[DigitsOfUpload] == '-' && name[..DigitsOfUpload].All(char.IsAsciiHexDigit);
        return [name, .. isUpload ? [name[(DigitsOfUpload + 1)..]] : Array.Empty<string>(), .. mark >= 0 ? [below] : Array.Empty<string>()];
    }

    // Choices, texts and ratings are none.
    private static bool IsRegion(LabelStudioFile.Result result) =>
        result.Type.EndsWith(LabelsEnding, StringComparison.Ordinal) || result.Type is "polygon" or "brush" or "rectangle" or "ellipse";

    private static ImageSize? Size(string path, LabelStudioFile.Task task, LabelStudioFile.Annotation[] annotations)
    {
        ImageSize[] sizes =
        [
            .. annotations.SelectMany(annotation => annotation.Results).Where(IsRegion)
                .Select(region => new ImageSize(region.Height, region.Width)).Distinct(),
        ];
        return sizes.Length > 1
            ? throw new InvalidDataException($"Regions of task {task.Id} in '{path}' are for images of {sizes[0]} and of {sizes[1]} pixels (height x width).")
            : sizes.Length == 0 ? null : sizes[0];
    }

    private static IEnumerable<string> Labels(LabelStudioFile.Result region) =>
        region.Value.ValueKind == JsonValueKind.Object && region.Value.TryGetProperty(region.Type, out var own) && own.ValueKind == JsonValueKind.Array
            ? own.EnumerateArray().Select(label => label.ToString())
            : [];

    private static void RequireLabels(string path, LabelStudioFile.Annotation[][] annotations, IReadOnlyList<string> wanted)
    {
        string[] labels =
        [
            .. annotations.SelectMany(task => task).SelectMany(annotation => annotation.Results).Where(IsRegion).SelectMany(Labels)
                .Distinct(StringComparer.Ordinal),
        ];
        if (wanted.Count == 0 && labels.Length > 1)
        {
            throw new InvalidDataException(
                $"The regions of '{path}' have several labels: {string.Join(", ", labels)}. "
                + $"Name the foreground with {nameof(ReadingOptions.Category)} (--category), or classes with {nameof(ReadingOptions.Classes)} (--classes).");
        }

        if (wanted.FirstOrDefault(label => !labels.Contains(label)) is { } missing)
        {
            throw new InvalidDataException(
                $"No region of '{path}' has the label '{missing}'; there {(labels.Length == 0 ? "is none" : "are " + string.Join(", ", labels))}.");
        }
    }
}
