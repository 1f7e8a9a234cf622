using AmbiSSL.Torch.Imaging;
using AmbiSSL.Torch.Inspection;
using AmbiSSL.Torch.Pictures;

namespace AmbiSSL;

/// <summary>What a data set holds, and what about it would hurt a training. It is made once, of all images and masks.</summary>
public sealed class DataReport
{
    internal DataReport(
        IReadOnlyList<ImageFacts> images,
        IReadOnlyList<LeftOutFile> leftOut,
        IReadOnlyList<ReaderStatistics> readers,
        IReadOnlyList<ClassStatistics> classes,
        IReadOnlyList<Finding> findings,
        IReadOnlyList<SuspectImage> suspects,
        IntensityWindow? window)
    {
        Images = images.Count;
        Labeled = images.Count(image => image.IsLabeled);
        Subjects = images.Select(image => image.Record.Subject).Distinct(StringComparer.Ordinal).Count();
        var stored = images.Where(image => image.Stored is not null).Select(image => image.Stored!.Value).ToArray();
        Sizes = Count(stored.Select(image => image.Shape));
        PixelTypes = Count(stored.Select(image => image.Type));
        MasksOfAnImage = Count(images.Where(image => image.IsRead).Select(image => image.Masks.Count));
        ImageFacts[] read = [.. images.Where(image => image.IsRead)];
        (Lowest, Highest) = read.Length == 0 ? (float.NaN, float.NaN) : (read.Min(image => image.Low), read.Max(image => image.High));
        Agreement = read.Select(image => image.Agreement).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();
        IgnoredShare = read.Sum(image => (double)image.IgnoredPixels) / Math.Max(1, read.Sum(image => (double)image.PixelCount * image.Masks.Count));
        (LeftOut, Readers, Classes, Findings, Suspects, Window) = (leftOut, readers, classes, findings, suspects, window);
        SuggestedWindow = PixelTypes is [var only] && read.Length > 0
            ? IntensityWindow.Suggest(only.Key, new IntensityRange(Lowest * only.Key.Most(), Highest * only.Key.Most()))
            : null;
    }

    /// <summary>Number of images.</summary>
    public int Images { get; }

    /// <summary>Number of those that have masks.</summary>
    public int Labeled { get; }

    /// <summary>Number of subjects.</summary>
    public int Subjects { get; }

    /// <summary>Files that look as if they were meant to be read and are not, and why.</summary>
    public IReadOnlyList<LeftOutFile> LeftOut { get; }

    /// <summary>How many images are stored in each size, before they are cropped or resized; the most frequent first.</summary>
    public IReadOnlyList<KeyValuePair<ImageShape, int>> Sizes { get; }

    /// <summary>How many images are stored in each type of pixels; the most frequent first.</summary>
    public IReadOnlyList<KeyValuePair<PixelType, int>> PixelTypes { get; }

    /// <summary>How many images have so many masks; the most frequent number first.</summary>
    public IReadOnlyList<KeyValuePair<int, int>> MasksOfAnImage { get; }

    /// <summary>The least value, without a window: k/255, k/65535, or a float as it is.</summary>
    public float Lowest { get; }

    /// <summary>The greatest value, without a window.</summary>
    public float Highest { get; }

    /// <summary>What the images were looked at through; null for no window.</summary>
    public IntensityWindow? Window { get; }

    /// <summary>A window through which the images are seen as they seem to be meant; null where they need none, or have several types.</summary>
    public IntensityWindow? SuggestedWindow { get; }

    /// <summary>Each reader's masks; where nobody is named, those of each number.</summary>
    public IReadOnlyList<ReaderStatistics> Readers { get; }

    /// <summary>Each class; one where masks tell none apart.</summary>
    public IReadOnlyList<ClassStatistics> Classes { get; }

    /// <summary>
    /// Mean over images of the mean intersection over union of their pairs of masks, where two empty masks give 1 and a pixel that one of the
    /// image's masks ignores does not count, and over classes; NaN where no image has two.
    /// </summary>
    public double Agreement { get; }

    /// <summary>Share of the masks' pixels that are ignored, 0 to 1.</summary>
    public double IgnoredShare { get; }

    /// <summary>What would hurt, the worst first.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>Up to ten images that deserve a look most: those that findings are about, then the one of each subject whose readers agree least.</summary>
    public IReadOnlyList<SuspectImage> Suspects { get; }

    /// <summary>Whether nothing was found that makes a training wrong.</summary>
    public bool IsSound => Findings.All(finding => finding.Harm != FindingHarm.Wrong);

    /// <summary>Looks at a data set as training would see it.</summary>
    /// <param name="source">The data set, whose images are read twice at most.</param>
    /// <param name="window">What the training will see the images through; null for no window.</param>
    /// <param name="afterImage">Called after each image, by one thread at a time.</param>
    /// <param name="cancellation">Ends the inspection between two images.</param>
    /// <exception cref="ArgumentException">The window is no window.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public static DataReport Of(ImageSource source, IntensityWindow? window = null, Action? afterImage = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        return DataInspection.Run(source, window, Environment.ProcessorCount, afterImage, cancellation);
    }

    /// <summary>
    /// Writes <see cref="Suspects"/> as a PNG file, under a temporary name first: five in a row, each the image and below it the same with the
    /// outlines of its masks, in one color for each of <see cref="Readers"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no suspect.</exception>
    public void SaveSheet(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Suspects.Count == 0)
        {
            throw new InvalidOperationException("No image can be shown: none was read, or none has several masks or a finding.");
        }

        ContactSheet.Save(path, [.. Suspects.Select(suspect => suspect.Image)], [.. Readers.Select(reader => reader.Name)]);
    }

    private static KeyValuePair<T, int>[] Count<T>(IEnumerable<T> values)
        where T : notnull =>
        [.. values.GroupBy(value => value).Select(group => KeyValuePair.Create(group.Key, group.Count())).OrderByDescending(pair => pair.Value)];
}
